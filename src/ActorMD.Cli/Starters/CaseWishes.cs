using System.Globalization;
using ActorMD.Files.Cases;
using ActorMD.Runs.Observables;

namespace ActorMD.Cli.Starters;

/// <summary>What a newcomer says of the gas of a first case; everything else follows.</summary>
/// <param name="Name">Of the case.</param>
/// <param name="Dimensions">2 or 3.</param>
/// <param name="Species">1 or more: A, B, ... of equal counts, each heavier and larger than the one before.</param>
/// <param name="Particles">N.</param>
/// <param name="Packing">Share of the box that spheres fill.</param>
internal sealed record CaseWishes(string Name, int Dimensions, int Species, int Particles, double Packing)
{
    /// <summary>Events that a particle has in the averaged part of the run: enough for some digits.</summary>
    private const double EventsPerParticle = 40;

    // A little below what the conditioned start can do: see the schema.
    private double ConditionedPackingMax => Dimensions == 2 ? 0.3 : 0.2;

    /// <summary>The largest packing that the growth start reaches with room to spare.</summary>
    public static double PackingMax(int dimensions) => dimensions == 2 ? 0.75 : 0.55;

    /// <summary>The case file with a comment on every key. It is checked as a run checks it.</summary>
    public string ToYaml()
    {
        // Times are measured in mean free times, which the program computes from the case itself.
        string unscaled = Text("0", "1", "0.01", frames: "1", expected: "");
        CaseLoad load = CaseFile.Parse(unscaled, Name, []);
        Case @case = load.Case ?? throw new InvalidOperationException($"the case that init writes is wrong: {load.Faults[0]}");
        Expected expected = Expected.Of(@case, CancellationToken.None);
        double rate = expected.Scales!.Species.Min(species => species.Rate);
        // A fifth of the run is left to equilibrate, and has five frames.
        double unit = Round(EventsPerParticle / rate / 4);
        string rates = string.Join(
            ", ", expected.Frequencies.Select(f => string.Create(CultureInfo.InvariantCulture, $"{f.Key} {f.Value:g4}")));
        string header = string.Create(
            CultureInfo.InvariantCulture,
            $"""
            # Expect, in equilibrium, before anything is changed here: Z = P V / (N T) = {expected.Z:g4};
            #   events per particle and time: {rates}.

            """);
        return Text(Number(unit), Number(5 * unit), Number(unit / 20), Number(unit / 5), header);
    }

    // Volumes of the diameters 1, 1.25, 1.5, ... that fill the share of the box.
    private string Text(string equilibrate, string until, string sample, string frames, string expected)
    {
        double[] sizes = [.. Enumerable.Range(0, Species).Select(a => 1 + 0.25 * a)];
        int[] counts = [.. Enumerable.Range(0, Species).Select(a => Particles / Species + (a < Particles % Species ? 1 : 0))];
        double ball = Dimensions == 2 ? Math.PI / 4 : Math.PI / 6;
        double unit = Math.Pow(Packing / (ball * sizes.Select((s, a) => counts[a] * Math.Pow(s, Dimensions)).Sum()), 1.0 / Dimensions);
        string[] names = [.. Enumerable.Range(0, Species).Select(a => ((char)('A' + a)).ToString())];
        string species = string.Concat(sizes.Select((s, a) =>
            $"  - {{ name: {names[a]}, count: {counts[a]}, mass: {Number(Round(Math.Pow(s, Dimensions)))}, diameter: "
                + $"{Number(Digits(unit * s))} }}\n"));
        string velocities = string.Join(", ", names.Select(name => $"{name}: {{ temperature: 1 }}"));
        bool isDilute = Packing <= ConditionedPackingMax;
        string ones = string.Join(", ", Enumerable.Repeat("1", Dimensions));
        string particles = Particles.ToString(CultureInfo.InvariantCulture);
        string kind = Dimensions == 2 ? "disks" : "spheres";
        return $$"""
            # {{particles}} hard {{kind}} at packing {{Number(Packing)}}. Run it: actormd run {{Name}}.yaml --report
            # Units are yours; temperatures are energies, time is length * sqrt(mass / energy).
            {{expected}}name: {{Name}}
            # Of every random draw: the same case and seed give the same digest everywhere.
            seed: 1
            # 3: spheres, 2: disks.
            dimensions: {{Dimensions}}
            # periodic | reflecting | open, one word or one per axis.
            box: { lengths: [{{ones}}], boundary: periodic }
            # As many as you like; two particles collide at the mean of their diameters.
            species:
            {{species}}# Three particles may also interact when they come within a common distance; 'actormd scale' computes sizes.
            # zones:
            #   - { order: 3, distance: 0.05 }
            initial:
              # conditioned: uniform without overlaps; growth: dense; lattice; file: your own.
              positions: { method: {{(isDilute ? "conditioned" : "growth")}} }
              # Maxwellians; also mean: [..], other shapes, profiles along an axis.
              velocities: { {{velocities}} }
            run:
              equilibrate: {{equilibrate}}  # averages in summary.json start here
              until: {{until}}  # the run ends here
              sample: {{sample}}  # time between two rows of thermo.csv
            output:
              # Frames for OVITO, ASE and the 3-D view of the report.
              trajectory: { every: {{frames}} }

            """.ReplaceLineEndings("\n");
    }

    private static double Digits(double value) =>
        double.Parse(value.ToString("g6", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static double Round(double value) =>
        double.Parse(value.ToString("g2", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString("g6", CultureInfo.InvariantCulture);
}
