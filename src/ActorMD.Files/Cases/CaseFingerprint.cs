using System.Security.Cryptography;
using System.Text;

namespace ActorMD.Files.Cases;

/// <summary>Tells whether two cases have the same trajectory and averages, so that a checkpoint of one continues the other.</summary>
public static class CaseFingerprint
{
    /// <summary>
    /// SHA-256 of the resolved case without its name, the end and intervals of the run, and the output: 64 hexadecimal digits.
    /// The start of the averages is in it: a checkpoint holds sums from there on.
    /// </summary>
    public static string Of(Case @case)
    {
        StringBuilder text = new();
        text.Append(FormattableString.Invariant($"seed: {@case.Seed}\nequilibrate: {@case.Run.Equilibrate:R}\n"));
        CaseWriter.WriteTrajectoryPart(text, @case);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>SHA-256 of the whole resolved case.</summary>
    public static string OfAll(Case @case) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(CaseFile.Write(@case))));
}
