using System.Collections.Immutable;
using System.Globalization;
using ActorMD.Files.Cases;
using ActorMD.Files.Inputs;
using ActorMD.Files.Whole;
using ActorMD.Studies.Convergence;

namespace ActorMD.Cli.Terminal;

/// <summary>Writes the cases of a ladder of N, and a study of convergence over them.</summary>
internal static class LadderFiles
{
    /// <summary>One case per N, named NAME-N.yaml, and study.yaml.</summary>
    /// <param name="case">The gas; its limit constants are kept.</param>
    /// <param name="counts">Total numbers of particles, rising.</param>
    /// <param name="directory">Made when missing.</param>
    /// <param name="output">Gets the names of the files.</param>
    /// <param name="errors">Gets a warning for every rung that is far from the limit.</param>
    /// <exception cref="InputFaultException">A rung is impossible, or a file is already there.</exception>
    public static void Write(Case @case, ImmutableArray<int> counts, string directory, TextWriter output, TextWriter errors)
    {
        List<(string Path, string Text)> files = [];
        foreach (int count in counts)
        {
            Case rung = CaseLadder.WithCount(@case, count);
            rung = rung with { Name = string.Create(CultureInfo.InvariantCulture, $"{@case.Name}-{count}") };
            string text = CaseFile.Write(rung), path = Path.Combine(directory, rung.Name + ".yaml");
            CaseLoad load = CaseFile.Parse(text, path, []);
            if (load.Case is null)
            {
                throw new InputFaultException([.. load.Faults.Select(fault => new InputFault(
                    "--ladder", null, fault.Key, $"the rung of {Numbers.Count(count)} particles is impossible: {fault.Problem}",
                    fault.Remedy))]);
            }

            if (CaseLadder.Obstacle(rung) is { } obstacle)
            {
                errors.WriteLine($"Warning: {obstacle}");
            }

            files.Add((path, text));
        }

        files.Add((Path.Combine(directory, "study.yaml"), Study(@case, counts)));
        if (files.FirstOrDefault(f => File.Exists(f.Path)).Path is { } taken)
        {
            throw new InputFaultException(
                new InputFault(taken, null, null, "the file is already there", "choose another folder with --out"));
        }

        Directory.CreateDirectory(directory);
        foreach ((string path, string text) in files)
        {
            WholeFile.Write(path, text);
            output.WriteLine(path);
        }
    }

    private static string Study(Case @case, ImmutableArray<int> counts) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        name: {@case.Name}-limit
        case: {@case.Name}-{counts[^1]}.yaml
        ladder: [{string.Join(", ", counts)}]
        times: [{@case.Run.Until / 2:R}, {@case.Run.Until:R}]

        """);
}
