using System.Text;
using ActorMD.Files.Cases;
using ActorMD.Files.Inputs;
using ActorMD.Files.Studies;

namespace ActorMD.Fuzz;

/// <summary>Readers of case files and studies.</summary>
internal static class YamlTargets
{
    private const string Case = """
        name: everything
        seed: 18446744073709551615
        dimensions: 2
        box: { lengths: [1, 2.5], boundary: [periodic, reflecting] }
        species:
          - { name: A, count: 100, mass: 1, diameter: 0.01 }
          - { name: B, count: 50, mass: 4, diameter: 0.03 }
        zones:
          - { order: 3, distance: 0.12 }
          - { order: 4, distance: 0.25 }
        initial:
          positions:
            method: conditioned
            sweeps: 12
            density:
              A: { step: { axis: x, outside: 1, inside: 2.5, from: 0.25, to: 0.75 } }
              B: { gaussian: { axis: y, background: 0.5, height: 1, centre: 1, width: 0.2 } }
          velocities:
            A:
              temperature: { cosine: { axis: x, mean: 2, amplitude: 0.5, waves: 2, phase: 0.25 } }
              mean: [{ cusp: { axis: y, mean: 0, amplitude: 0.1, waves: 1, phase: 0.5 } }, -1e-3]
              shape: polynomial
              spread: 0.3
            B:
              sum:
                - { weight: 1, temperature: 0, mean: [0, 1], shape: power, tail: 5 }
                - { weight: 2.5, temperature: { table: { axis: y, at: [0, 1, 2.5], values: [1, 2, 1] } }, shape: compact }
          total_momentum: [1, 0]
          total_energy: 1e3
        run: { equilibrate: 0.25, until: 1, sample: 0.05, checkpoint: 0.5 }
        output: { trajectory: { every: 0.1, format: lammps }, events: { from: 0.5, until: 0.75 } }

        """;

    private const string Short = """
        box: { lengths: 1 }
        species: [{ name: A, count: 10, mass: 1, diameter: 0.1 }]
        run: { until: 2 }

        """;

    private const string FromFile = """
        name: from-file
        box: { lengths: 9 }
        species:
          - name: "A"
            count: 5
            mass: 1
            diameter: 1e-1
        initial: { positions: { method: file, file: start.csv } }
        run: { until: 1, sample: 0.1 }

        """;

    private const string Study = """
        name: my-study
        seed: 7
        case: small.yaml
        ladder: [1000, 3162, 10000]
        times: [0.1, 0.2]
        bins: { axis: x, count: 16 }
        replicas: { min: 16, max: 1000, particles: 10000000 }
        reference: { runs: 8, particles: 400000 }

        """;

    private const string Moments = """
        name: moments
        cases: [small.yaml]
        orders: [[2]]
        powers: [4, 6, 8]
        times: [0.5, 1]
        reference: { runs: 8, particles: 100000 }

        """;

    private const string Fluctuations = """
        name: fluctuations
        case: small.yaml
        ladder: [100, 200]
        waves: [1, 2]
        times: [0.5, 1]
        replicas: { count: 20, origins: 4 }

        """;

    /// <summary>A case that is sound.</summary>
    public static byte[] ShortCase => Samples.Text(Short);

    /// <summary>A folder that is removed at the end.</summary>
    public static string Folder { get; } = Directory.CreateTempSubdirectory("actormd-fuzz-").FullName;

    static YamlTargets()
    {
        File.WriteAllText(Path.Combine(Folder, "small.yaml"), Short);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(Folder, recursive: true);
    }

    public static IEnumerable<FuzzTarget> All =>
    [
        new("case", true, [.. new[] { Case, Case, Short, FromFile }.Select(Samples.Text)], TryCase),
        new("study", true, [.. new[] { Study, Moments, Fluctuations }.Select(Samples.Text)], TryStudy),
    ];

    private static Reception TryCase(byte[] bytes)
    {
        string text = Encoding.UTF8.GetString(bytes);
        CaseLoad load = CaseFile.Parse(text, Path.Combine(Folder, "case.yaml"), [], readParticles: false);
        if (load.Case is null == load.Faults.IsEmpty)
        {
            throw new FuzzException("neither a case nor faults, or both");
        }

        foreach (InputFault fault in load.Faults)
        {
            fault.ToString();
        }

        if (load.Case is not { } @case)
        {
            return Reception.Refused;
        }

        string written = CaseFile.Write(@case);
        CaseLoad again = CaseFile.Parse(written, Path.Combine(Folder, "case.yaml"), [], readParticles: false);
        return again.Case is not { } same ? throw new FuzzException($"the resolved case is refused: {again.Faults[0]}")
            : CaseFile.Write(same) != written || CaseFingerprint.OfAll(same) != CaseFingerprint.OfAll(@case) ? throw new FuzzException("the resolved case is another case")
            : Reception.Accepted;
    }

    private static Reception TryStudy(byte[] bytes)
    {
        string path = Path.Combine(Folder, $"study-{Environment.CurrentManagedThreadId}.yaml");
        File.WriteAllBytes(path, bytes);
        try
        {
            if (MomentStudyFile.IsOne(path))
            {
                MomentStudyFile.Load(path);
            }
            else if (FluctuationStudyFile.IsOne(path))
            {
                FluctuationStudyFile.Load(path);
            }
            else
            {
                StudyFile.Load(path);
            }

            return Reception.Accepted;
        }
        catch (InputFaultException)
        {
            return Reception.Refused;
        }
    }
}
