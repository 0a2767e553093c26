using System.Collections.Immutable;
using System.Globalization;
using ActorMD.Files.Inputs;
using ActorMD.Files.States;
using ActorMD.Files.Yaml;
using ActorMD.Kinetic.Initial;
using ActorMD.Physics;
using static System.FormattableString;

namespace ActorMD.Files.Cases;

/// <summary>Reads the part <c>initial</c> of a case.</summary>
/// <param name="values">Where faults go.</param>
/// <param name="path">The case file: paths in it are relative to its folder.</param>
/// <param name="readParticles">Whether a file of particles is read and checked.</param>
internal sealed class InitialReader(ValueReader values, string path, bool readParticles)
{
    private static readonly Dictionary<string, PositionMethod> Methods = new()
    {
        ["conditioned"] = PositionMethod.Conditioned,
        ["lattice"] = PositionMethod.Lattice,
        ["growth"] = PositionMethod.Growth,
        ["file"] = PositionMethod.File,
    };

    internal static readonly Dictionary<string, bool> Truths = new() { ["true"] = true, ["false"] = false };

    private readonly ProfileReader _profiles = new(values);

    /// <summary>The particles of <c>initial.positions.file</c>, when they were read.</summary>
    public ParticleFrame? Frame { get; private set; }

    public InitialData Read(MapReader map, Gas gas, ImmutableArray<int> counts, bool gasIsSound)
    {
        MapReader initial = new(
            values, map.Optional("initial"), map.LocationOf("initial"), map.PathOf("initial"),
            "initial: { positions: { method: conditioned } }");
        PositionPlan positions = ReadPositions(initial, gas);
        if (gasIsSound)
        {
            foreach (GasFault fault in PositionMethodCheck.Check(gas, counts, positions))
            {
                values.Fault(fault);
            }
        }

        bool fileHasVelocities = false;
        if (positions.File is { } file && readParticles)
        {
            fileHasVelocities = ReadFrame(file, gas, counts, gasIsSound);
        }

        YamlTree? velocitiesNode = initial.Optional("velocities");
        bool fromFile = velocitiesNode is YamlText { Text: "file" } || (velocitiesNode is null && fileHasVelocities);
        ImmutableArray<VelocityLaw> species = new VelocityReader(values, _profiles).Read(initial, fromFile ? null : velocitiesNode, gas);
        CheckVelocitiesFromFile(initial, velocitiesNode, positions, fileHasVelocities);
        YamlTree? momentumNode = initial.Optional("total_momentum");
        YamlTree? energyNode = initial.Optional("total_energy");
        YamlTree? rescaleNode = initial.Optional("rescale");
        initial.Finish();
        VelocityPlan velocities = new(species);
        if (fromFile)
        {
            RefuseWithFile(initial, "total_momentum", momentumNode);
            RefuseWithFile(initial, "total_energy", energyNode);
            RefuseWithFile(initial, "rescale", rescaleNode);
            return new InitialData(positions, velocities, VelocitiesFromFile: true);
        }

        velocities = velocities with
        {
            TotalMomentum = ReadTotalMomentum(initial, momentumNode, gas, counts, species),
            Rescale = ReadRescale(initial, rescaleNode, energyNode, counts, species),
            TotalEnergy = energyNode is null ? null : values.Number(energyNode, initial.PathOf("total_energy"), "an energy above 0"),
        };
        if (gasIsSound)
        {
            CheckTotalEnergy(velocities, gas, counts);
        }

        return new InitialData(positions, velocities);
    }

    private bool ReadRescale(
        MapReader initial, YamlTree? node, YamlTree? energyNode, ImmutableArray<int> counts, ImmutableArray<VelocityLaw> species)
    {
        if (node is null || values.Word(node, initial.PathOf("rescale"), Truths) is not true)
        {
            return false;
        }

        if (energyNode is not null)
        {
            values.Fault(
                initial.PathOf("rescale"), node.Location, "'rescale' and 'total_energy' both scale the velocities", "remove one of them");
        }

        if (species.Any(law => !law.HasNoFlow))
        {
            values.Fault(
                initial.PathOf("rescale"), node.Location, "velocities with a mean motion cannot be scaled to a temperature",
                "remove 'rescale', or the means");
        }

        if (counts.Sum(n => (long)n) < 2)
        {
            values.Fault(
                initial.PathOf("rescale"), node.Location, "a single particle has no temperature",
                "remove 'rescale', or give more particles");
        }

        return true;
    }

    private PositionPlan ReadPositions(MapReader initial, Gas gas)
    {
        MapReader positions = new(
            values, initial.Optional("positions"), initial.LocationOf("positions"), initial.PathOf("positions"),
            "positions: { method: conditioned }");
        YamlTree? methodNode = positions.Optional("method");
        YamlTree? fileNode = positions.Optional("file");
        YamlTree? sweepsNode = positions.Optional("sweeps");
        PositionMethod? method = methodNode is null
            ? PositionMethod.Conditioned
            : values.Word(methodNode, positions.PathOf("method"), Methods);
        ImmutableArray<Profile?> densities = _profiles.ReadDensities(positions, method, gas);
        CrystalKind? crystal = CrystalWords.Read(values, positions, method);
        positions.Finish();
        int? sweeps = sweepsNode is null ? null : values.Whole(sweepsNode, positions.PathOf("sweeps"), "a whole number above 0");
        if (sweeps < 1)
        {
            values.Fault(
                positions.PathOf("sweeps"), sweepsNode!.Location, Invariant($"the number of sweeps is {sweeps}"), "give 1 or more");
        }

        if (sweepsNode is not null && method is not (null or PositionMethod.Conditioned))
        {
            values.Fault(
                positions.PathOf("sweeps"), sweepsNode.Location, "'sweeps' has a meaning for the method conditioned only",
                "remove it, or give method: conditioned");
        }

        string? file = null;
        if (fileNode is not null)
        {
            file = values.Text(fileNode, positions.PathOf("file"), "a path, relative to the case file");
            if (method is not (null or PositionMethod.File))
            {
                values.Fault(
                    positions.PathOf("file"), fileNode.Location, "'file' has a meaning for the method file only",
                    "remove it, or give method: file");
            }
        }
        else if (method == PositionMethod.File)
        {
            values.Fault(
                positions.PathOf("file"), positions.LocationOf("method"), "the key 'file' is missing in 'initial.positions'",
                $"give file: and the path of a particle file ({ParticleFile.Suffixes}), relative to the case file");
        }

        if (file is not null && PathCheck.Problem(file) is { } problem)
        {
            values.Fault(positions.PathOf("file"), fileNode!.Location, problem, "give a path, relative to the case file");
            file = null;
        }

        if (file is not null)
        {
            file = Path.GetFullPath(file, Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/");
        }

        return new PositionPlan(method ?? PositionMethod.Conditioned, sweeps, file, densities) { Crystal = crystal };
    }

    // Whether the file has velocities.
    private bool ReadFrame(string file, Gas gas, ImmutableArray<int> counts, bool gasIsSound)
    {
        const string Subject = "initial.positions.file";
        if (!File.Exists(file))
        {
            string problem = Directory.Exists(file) ? "is a folder" : "does not exist";
            values.Fault(
                Subject, $"the particle file '{file}' {problem}", "give its path relative to the case file, or an absolute one");
            return false;
        }

        if (ParticleFile.IsRounded(file))
        {
            values.Fault(
                Subject, "a GSD file has numbers of 32 bits: spheres that touch may overlap in it, and no run goes on from it as it was",
                "give a file of another format; 'actormd convert' writes them");
            return false;
        }

        ParticleFileLoad load = ParticleFile.ReadLast(file, out int frameCount);
        values.Faults.AddRange(load.Faults);
        if (load.Frames.IsEmpty)
        {
            return false;
        }

        ParticleFrame frame = load.Frames[0];
        if (frameCount > 1)
        {
            values.Warn(
                Subject, Invariant($"the particle file holds {frameCount} frames: the last one is used"), "keep one frame in the file");
        }

        if (gasIsSound)
        {
            FrameCheck check = FrameCheck.Of(file, frame, gas, counts);
            values.Faults.AddRange(check.Faults);
            values.Warnings.AddRange(check.Warnings);
        }

        Frame = frame;
        return frame.Velocities is not null;
    }

    private void CheckVelocitiesFromFile(MapReader initial, YamlTree? node, PositionPlan positions, bool fileHasVelocities)
    {
        if (node is not YamlText { Text: "file" })
        {
            return;
        }

        if (positions.Method != PositionMethod.File)
        {
            values.Fault(
                initial.PathOf("velocities"), node.Location, "velocities are to come from a file, but positions do not",
                $"give positions: {{ method: file, file: PATH }}, or velocities like {VelocityReader.Example}");
        }
        else if (Frame is not null && !fileHasVelocities)
        {
            values.Fault(
                initial.PathOf("velocities"), node.Location, $"the file '{positions.File}' has no velocities",
                $"give velocities like {VelocityReader.Example}");
        }
    }

    private void RefuseWithFile(MapReader initial, string key, YamlTree? node)
    {
        if (node is not null)
        {
            values.Fault(
                initial.PathOf(key), node.Location, $"'{key}' cannot be fixed, because the velocities are taken from the file as they are",
                $"remove it, or give velocities like {VelocityReader.Example}");
        }
    }

    private Vec3? ReadTotalMomentum(
        MapReader initial, YamlTree? node, Gas gas, ImmutableArray<int> counts, ImmutableArray<VelocityLaw> species)
    {
        if (node is null)
        {
            bool isPeriodic = !gas.Box.Has(Boundary.Reflecting) && !gas.Box.Has(Boundary.Open);
            bool rests = species.All(s => s.HasNoFlow);
            return isPeriodic && rests && counts.Sum(n => (long)n) >= 2 ? Vec3.Zero : null;
        }

        switch (node)
        {
            case YamlText { Text: "zero" }:
                return Vec3.Zero;
            case YamlText { Text: "free" }:
                return null;
            case YamlText word:
                values.Fault(
                    initial.PathOf("total_momentum"), node.Location, $"'total_momentum' is {word.Kind}",
                    Invariant($"give zero, free (as drawn), or a list of {gas.Dimension} numbers"));
                return null;
            default:
                return values.Vector(node, initial.PathOf("total_momentum"), gas.Dimension, "the total momentum");
        }
    }

    private void CheckTotalEnergy(VelocityPlan plan, Gas gas, ImmutableArray<int> counts)
    {
        if (plan.TotalEnergy is not double energy || double.IsNaN(energy))
        {
            return;
        }

        const string Subject = "initial.total_energy";
        if (energy <= 0)
        {
            values.Fault(Subject, Invariant($"the total energy is {energy}"), "give an energy above 0");
            return;
        }

        double mass = 0;
        for (int a = 0; a < gas.Species.Length; a++)
        {
            mass += counts[a] * gas.Species[a].Mass;
        }

        if (plan.TotalMomentum is Vec3 momentum && energy <= momentum.LengthSquared / (2 * mass))
        {
            values.Fault(
                Subject,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"the total energy {energy} is not above {momentum.LengthSquared / (2 * mass):G6}, that of the common motion with "
                        + $"the total momentum"),
                "give a larger energy, or a smaller total momentum");
        }

        bool cold = Enumerable.Range(0, counts.Length).All(a => counts[a] == 0 || plan.Species[a].TemperatureIn(gas.Box) == 0);
        if (cold || (counts.Sum(n => (long)n) == 1 && plan.TotalMomentum is not null))
        {
            values.Fault(
                Subject, "the velocities do not differ, so that scaling them cannot give the total energy",
                "give two particles or more and a temperature above 0, or remove 'total_energy'");
        }
    }
}
