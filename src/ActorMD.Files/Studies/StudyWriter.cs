using System.Globalization;
using ActorMD.Files.Cases;

namespace ActorMD.Files.Studies;

/// <summary>Writes studies as YAML that needs no other file: their cases stand in them.</summary>
public static class StudyWriter
{
    /// <summary>First line of every resolved study.</summary>
    internal const string Header = "# Resolved by ActorMD: all defaults are filled in, and it runs as it is.";

    /// <summary>A study of convergence; <see cref="StudyFile.Load"/> gives the same again.</summary>
    public static string Write(Study study) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        {{Header}}
        name: {{Quoted(study.Name)}}
        seed: {{study.Seed}}
        ladder: [{{string.Join(", ", study.Ladder)}}]
        times: [{{Numbers(study.Times)}}]
        bins: { axis: {{"xyz"[study.Axis]}}, count: {{study.BinCount}} }
        replicas: { min: {{study.ReplicaMin}}, max: {{study.ReplicaMax}}, particles: {{study.ReplicaParticles}} }
        reference: { runs: {{study.ReferenceRuns}}, particles: {{study.ReferenceParticles}}{{(study.ReferenceCells > 0 ? $", cells: {study.ReferenceCells}" : "")}} }
        case:
        {{Indented(study.Case, "  ", "  ")}}
        """);

    /// <summary>A study of moments; <see cref="MomentStudyFile.Load"/> gives the same again.</summary>
    public static string Write(MomentStudy study) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        {{Header}}
        name: {{Quoted(study.Name)}}
        seed: {{study.Seed}}
        orders: [{{string.Join(", ", study.Orders.Select(set => $"[{string.Join(", ", set)}]"))}}]
        {{(study.Exponents.IsEmpty ? "" : $"exponents: [{string.Join(", ", study.Exponents.Select(set => $"[{Numbers(set)}]"))}]\n")}}powers: [{{string.Join(", ", study.Powers)}}]
        times: [{{Numbers(study.Times)}}]
        reference: { runs: {{study.Runs}}, particles: {{study.Particles}} }
        cases:
        {{string.Concat(study.Cases.Select(@case => Indented(@case, "  - ", "    ")))}}
        """);

    /// <summary>A study of fluctuations; <see cref="FluctuationStudyFile.Load"/> gives the same again.</summary>
    public static string Write(FluctuationStudy study) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        {{Header}}
        name: {{Quoted(study.Name)}}
        seed: {{study.Seed}}
        ladder: [{{string.Join(", ", study.Ladder)}}]
        waves: [{{string.Join(", ", study.Waves)}}]
        times: [{{Numbers(study.Times)}}]
        replicas: { count: {{study.Replicas}}, origins: {{study.Origins}} }
        case:
        {{Indented(study.Case, "  ", "  ")}}
        """);

    private static string Numbers(IEnumerable<double> values) =>
        string.Join(", ", values.Select(value => value.ToString("R", CultureInfo.InvariantCulture)));

    private static string Quoted(string name) => $"'{name.Replace("'", "''", StringComparison.Ordinal)}'";

    private static string Indented(Case @case, string first, string others) => string.Concat(
        CaseFile.Write(@case).Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#')
            .Select((line, n) => $"{(n == 0 ? first : others)}{line}\n"));
}
