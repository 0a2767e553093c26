using System.Text;

namespace ActorMD.Cli.Doctor;

/// <summary>What a look at the machine has found, one topic a line, each with what to do.</summary>
internal static class FindingListing
{
    public static string Of(IReadOnlyList<Finding> findings)
    {
        int width = findings.Max(finding => finding.Topic.Length);
        StringBuilder text = new();
        foreach (Finding finding in findings)
        {
            string mark = finding.Standing switch { Standing.There => "ok     ", Standing.Optional => "note   ", _ => "MISSING" };
            text.Append($"  {mark}  {finding.Topic.PadRight(width)}  {finding.Found}\n");
            if (finding.Remedy is { } remedy)
            {
                text.Append($"  {new string(' ', mark.Length + 2 + width)}  {remedy}\n");
            }
        }

        int missing = findings.Count(finding => finding.Standing == Standing.Missing);
        return text.Append(missing == 0
            ? "Everything that the default run needs is there.\n"
            : FormattableString.Invariant(
                $"{missing} of the things that the default run needs {(missing == 1 ? "is" : "are")} missing.\n")).ToString();
    }
}
