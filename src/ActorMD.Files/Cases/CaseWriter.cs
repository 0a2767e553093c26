using System.Globalization;
using System.Text;
using ActorMD.Kinetic.Initial;
using ActorMD.Physics;

namespace ActorMD.Files.Cases;

/// <summary>Writes a case as YAML with every default filled in.</summary>
internal static class CaseWriter
{
    /// <summary>First line of every resolved case: tells it from a case that a person wrote.</summary>
    public const string Header = "# Resolved by ActorMD: all defaults are filled in, and it runs as it is.";

    /// <summary>Begins the second line, where a command other than run has begun the case.</summary>
    public const string CommandHeader = "# Command: actormd ";

    public static string Write(Case @case)
    {
        StringBuilder text = new();
        Line(text, Header);
        Line(text, $"name: {Quoted(@case.Name)}");
        Line(text, FormattableString.Invariant($"seed: {@case.Seed}"));
        WriteTrajectoryPart(text, @case);
        WriteRun(text, @case.Run);
        if (@case.Output is not { Trajectory: null, Events: null, Observables.IsEmpty: true, Parquet: false })
        {
            Line(text, "output:");
        }

        if (@case.Output.Trajectory is { } trajectory)
        {
            string when = trajectory.Times is { } times ? $"times: {times}" : $"every: {Number(trajectory.Every)}";
            Line(text, $"  trajectory: {{ {when}, format: {WordOf(trajectory.Format)} }}");
        }

        if (@case.Output.Events is { } events)
        {
            string until = events.Until is { } last ? $", until: {Number(last)}" : "";
            Line(text, $"  events: {{ from: {Number(events.From)}{until} }}");
        }

        if (@case.Output.Parquet)
        {
            Line(text, "  parquet: true");
        }

        ObservableWords.Write(text, @case.Output.Observables);
        return text.ToString();
    }

    /// <summary>Everything but name, seed, run and output.</summary>
    internal static void WriteTrajectoryPart(StringBuilder text, Case @case)
    {
        Gas gas = @case.Gas;
        int d = gas.Dimension;
        Line(text, FormattableString.Invariant($"dimensions: {d}"));
        Line(text, "box:");
        Line(text, $"  lengths: {Vector(gas.Box.Lengths, d)}");
        Line(text, $"  boundary: [{string.Join(", ", Enumerable.Range(0, d).Select(axis => WordOf(gas.Box.BoundaryOf(axis))))}]");
        Line(text, "species:");
        foreach ((Species species, int count) in gas.Species.Zip(@case.Counts))
        {
            string size = species.Sizes is { } sizes
                ? $"mass: {Number(sizes.Mass)}, distribution: {SizeReader.Write(sizes)}"
                : $"mass: {Number(species.Mass)}, diameter: {Number(species.Diameter)}";
            Line(text, FormattableString.Invariant($"  - {{ name: {Quoted(species.Name)}, count: {count}, {size} }}"));
        }

        if (!gas.Zones.IsEmpty)
        {
            Line(text, "zones:");
            foreach (Zone zone in gas.Zones)
            {
                Line(text, FormattableString.Invariant($"  - {{ order: {zone.Order}, distance: {Number(zone.Distance)} }}"));
            }
        }

        WriteInitial(text, @case.Initial, gas);
    }

    private static void WriteInitial(StringBuilder text, InitialData initial, Gas gas)
    {
        PositionPlan positions = initial.Positions;
        string sweeps = positions.Sweeps is int count ? FormattableString.Invariant($", sweeps: {count}") : "";
        string lattice = positions.Crystal is { } crystal ? $", lattice: {WordOf(crystal)}" : "";
        string file = positions.File is { } path ? $", file: {Quoted(path)}" : "";
        Line(text, "initial:");
        string[] profiles = [.. gas.Species
            .Select((s, a) => (s.Name, Density: positions.DensityOf(a)))
            .Where(s => s.Density is not null)
            .Select(s => $"{Quoted(s.Name)}: {Of(s.Density!)}")];
        string density = profiles.Length > 0 ? $", density: {{ {string.Join(", ", profiles)} }}" : "";
        Line(text, $"  positions: {{ method: {WordOf(positions.Method)}{sweeps}{lattice}{file}{density} }}");
        if (initial.VelocitiesFromFile)
        {
            Line(text, "  velocities: file");
            return;
        }

        Line(text, "  velocities:");
        foreach ((Species species, VelocityLaw law) in gas.Species.Zip(initial.Velocities.Species))
        {
            Line(text, $"    {Quoted(species.Name)}: {{ {Of(law, gas.Dimension)} }}");
        }

        string momentum = initial.Velocities.TotalMomentum switch
        {
            null => "free",
            { } zero when zero == Vec3.Zero => "zero",
            { } vector => Vector(vector, gas.Dimension),
        };
        Line(text, $"  total_momentum: {momentum}");
        if (initial.Velocities.TotalEnergy is double energy)
        {
            Line(text, $"  total_energy: {Number(energy)}");
        }

        if (initial.Velocities.Rescale)
        {
            Line(text, "  rescale: true");
        }
    }

    private static string Of(VelocityLaw law, int dimension) => law switch
    {
        Maxwellian maxwellian => $"temperature: {Number(maxwellian.Temperature)}, mean: {Vector(maxwellian.Mean, dimension)}",
        VelocitySum { Parts: [{ Weight: 1 } part] } => Of(part, dimension),
        VelocitySum sum =>
            $"sum: [{string.Join(", ", sum.Parts.Select(p => $"{{ weight: {Number(p.Weight)}, {Of(p, dimension)} }}"))}]",
        _ => throw new ArgumentException("a law that case files do not know", nameof(law)),
    };

    private static string Of(VelocityPart part, int dimension)
    {
        string shape = part.Shape switch
        {
            PowerShape power => string.Create(CultureInfo.InvariantCulture, $", shape: power, tail: {power.Tail}"),
            PolynomialShape polynomial => $", shape: polynomial, spread: {Number(polynomial.Spread)}",
            CompactShape => ", shape: compact",
            _ => "",
        };
        return $"temperature: {Of(part.Temperature)}, mean: [{string.Join(", ", part.Mean.Take(dimension).Select(Of))}]{shape}";
    }

    private static string Of(Profile profile) => profile switch
    {
        ConstantProfile constant => Number(constant.Value),
        CosineProfile p =>
            $"{{ cosine: {{ axis: {AxisName(p.Along)}, mean: {Number(p.Mean)}, amplitude: {Number(p.Amplitude)}, waves: {Number(p.Waves)}, phase: {Number(p.Phase)} }} }}",
        CuspProfile p =>
            $"{{ cusp: {{ axis: {AxisName(p.Along)}, mean: {Number(p.Mean)}, amplitude: {Number(p.Amplitude)}, waves: {Number(p.Waves)}, phase: {Number(p.Phase)} }} }}",
        StepProfile p =>
            $"{{ step: {{ axis: {AxisName(p.Along)}, outside: {Number(p.Outside)}, inside: {Number(p.Inside)}, from: {Number(p.From)}, to: {Number(p.To)} }} }}",
        GaussianProfile p =>
            $"{{ gaussian: {{ axis: {AxisName(p.Along)}, background: {Number(p.Background)}, height: {Number(p.Height)}, centre: {Number(p.Centre)}, width: {Number(p.Width)} }} }}",
        TableProfile p =>
            $"{{ table: {{ axis: {AxisName(p.Along)}, at: [{string.Join(", ", p.Coordinates.Select(Number))}], values: [{string.Join(", ", p.Values.Select(Number))}] }} }}",
        _ => throw new ArgumentException("a profile that case files do not know", nameof(profile)),
    };

    private static char AxisName(int axis) => "xyz"[axis];

    private static void WriteRun(StringBuilder text, RunPlan run)
    {
        Line(text, "run:");
        Line(text, $"  equilibrate: {Number(run.Equilibrate)}");
        Line(text, $"  until: {Number(run.Until)}");
        Line(text, run.Times is { } times ? $"  times: {times}" : $"  sample: {Number(run.Sample)}");
        if (run.Checkpoint is double checkpoint)
        {
            Line(text, $"  checkpoint: {Number(checkpoint)}");
        }
    }

    private static void Line(StringBuilder text, string line) => text.Append(line).Append('\n');

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Vector(Vec3 vector, int dimension) =>
        $"[{string.Join(", ", Enumerable.Range(0, dimension).Select(axis => Number(vector[axis])))}]";

    // Every enum member is named after its word.
    private static string WordOf<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    // Double quotes with JSON's escapes: valid YAML for any text, never taken for a number or a boolean.
    private static string Quoted(string text) =>
        "\"" + System.Text.Json.JsonEncodedText.Encode(text, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping) + "\"";
}
