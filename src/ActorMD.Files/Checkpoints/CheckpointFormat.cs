using System.Collections.Immutable;
using ActorMD.Files.Inputs;
using ActorMD.Physics;
using ActorMD.Physics.Numerics;

namespace ActorMD.Files.Checkpoints;

/// <summary>The binary form of a <see cref="Checkpoint"/>: a <see cref="SealedFile"/>.</summary>
internal static class CheckpointFormat
{
    internal const int Version = 4;
    internal const int HeaderSize = SealedFile.HeaderSize;
    private const string Remedy = "give a checkpoint or state that ActorMD wrote, or an older copy of it";

    private static readonly SealedFile Form = new("ActorMD\u0001"u8.ToArray(), Version, "checkpoint");

    /// <inheritdoc cref="SealedFile.Write(string, Action{CheckpointSink})"/>
    public static void Write(string path, Checkpoint checkpoint) => Form.Write(path, sink => WritePayload(sink, checkpoint));

    /// <exception cref="InputFaultException">The file cannot be read or is not sound.</exception>
    public static Checkpoint Read(string path) => Form.Read(path, ReadPayload);

    internal static void Write(Stream stream, Checkpoint checkpoint) => Form.Write(stream, sink => WritePayload(sink, checkpoint));

    internal static Checkpoint Read(Stream stream, string path) => Form.Read(stream, path, ReadPayload);

    internal static InputFaultException Fault(string path, string problem) => new(new InputFault(path, null, null, problem, Remedy));

    internal static void WritePayload(CheckpointSink sink, Checkpoint checkpoint)
    {
        sink.Write(checkpoint.Fingerprint);
        WriteGas(sink, checkpoint.Gas);
        WriteState(sink, checkpoint.State);
        WriteTally(sink, checkpoint.Tally);
        WriteProgress(sink, checkpoint.Progress);
        if (checkpoint.WriteObservables is { } write)
        {
            sink.WriteLong(write);
        }
        else
        {
            sink.WriteLong(checkpoint.Observables);
        }
    }

    /// <param name="source">Its content.</param>
    /// <param name="version">Version 1 knew no event log, version 2 no observables, version 3 no distributions of sizes.</param>
    internal static Checkpoint ReadPayload(CheckpointSource source, int version)
    {
        string fingerprint = source.ReadText();
        Gas gas = ReadGas(source, version);
        SystemState state = ReadState(source, gas);
        source.Require(CheckpointCheck.Problem(gas, state));
        Checkpoint checkpoint = new(gas, fingerprint, state, ReadTally(source, gas), ReadProgress(source, gas, version));
        source.Require(CheckpointCheck.Problem(checkpoint.Progress));
        return version > 2 ? checkpoint with { Observables = source.ReadLongBytes() } : checkpoint;
    }

    private static void WriteGas(CheckpointSink sink, Gas gas)
    {
        sink.Write(gas.Dimension);
        sink.Write(gas.Box.Lengths);
        sink.Write((int)gas.Box.BoundaryX);
        sink.Write((int)gas.Box.BoundaryY);
        sink.Write((int)gas.Box.BoundaryZ);
        sink.Write(gas.Species.Length);
        foreach (Species species in gas.Species)
        {
            sink.Write(species.Name);
            sink.Write(species.Mass);
            sink.Write(species.Diameter);
            WriteSizes(sink, species.Sizes);
        }

        sink.Write(gas.Zones.Length);
        foreach (Zone zone in gas.Zones)
        {
            sink.Write(zone.Order);
            sink.Write(zone.Distance);
        }
    }

    private static Gas ReadGas(CheckpointSource source, int version)
    {
        int dimension = source.ReadInt(2, 3);
        Vec3 lengths = source.ReadVector();
        Box box = new(dimension, lengths, source.ReadEnum<Boundary>(), source.ReadEnum<Boundary>(), source.ReadEnum<Boundary>());
        ImmutableArray<Species>.Builder species = ImmutableArray.CreateBuilder<Species>(source.ReadCount(4 + 8 + 8));
        for (int i = 0; i < species.Capacity; i++)
        {
            Species read = new(source.ReadText(), source.ReadDouble(), source.ReadDouble());
            species.Add(version > 3 ? read with { Sizes = ReadSizes(source) } : read);
        }

        ImmutableArray<Zone>.Builder zones = ImmutableArray.CreateBuilder<Zone>(source.ReadCount(4 + 8));
        for (int i = 0; i < zones.Capacity; i++)
        {
            zones.Add(new Zone(source.ReadInt(3, int.MaxValue), source.ReadDouble()));
        }

        return new Gas(box, species.ToImmutable(), zones.ToImmutable());
    }

    private static void WriteSizes(CheckpointSink sink, SizeDistribution? sizes)
    {
        sink.Write(sizes?.Numbers.Length ?? 0);
        if (sizes is null)
        {
            return;
        }

        foreach (double number in sizes.Numbers)
        {
            sink.Write(number);
        }

        sink.Write((int)sizes.Form);
        sink.Write(sizes.Mass);
        sink.Write(sizes.MassPower);
        sink.Write(sizes.Count);
    }

    private static SizeDistribution? ReadSizes(CheckpointSource source)
    {
        double[] numbers = new double[source.ReadCount(8)];
        for (int k = 0; k < numbers.Length; k++)
        {
            numbers[k] = source.ReadDouble();
        }

        if (numbers.Length == 0)
        {
            return null;
        }

        SizeDistribution sizes = new(
            source.ReadEnum<SizeForm>(), [.. numbers], source.ReadDouble(), source.ReadDouble(), source.ReadInt(1, int.MaxValue));
        source.Require(SizeForms.Problem(sizes));
        return sizes;
    }

    private static void WriteState(CheckpointSink sink, SystemState state)
    {
        sink.Write(state.EpochLength);
        sink.Write(state.Epoch);
        sink.Write(state.Time);
        sink.Write(state.Particles.Length);
        foreach (ref readonly ParticleState particle in state.Particles.AsSpan())
        {
            sink.Write(particle.Kind);
            sink.Write(particle.Position);
            sink.Write(particle.Velocity);
            sink.Write(particle.Time);
            sink.Write(particle.Image.X);
            sink.Write(particle.Image.Y);
            sink.Write(particle.Image.Z);
        }
    }

    private static SystemState ReadState(CheckpointSource source, Gas gas)
    {
        double epochLength = source.ReadDouble();
        long epoch = source.ReadLong();
        double time = source.ReadDouble();
        ParticleState[] particles = new ParticleState[source.ReadCount(4 + 7 * 8 + 3 * 4)];
        for (int id = 0; id < particles.Length; id++)
        {
            particles[id] = new ParticleState
            {
                Kind = source.ReadInt(0, gas.Kinds.Length - 1),
                Position = source.ReadVector(),
                Velocity = source.ReadVector(),
                Time = source.ReadDouble(),
                Image = new Int3(source.ReadInt(), source.ReadInt(), source.ReadInt()),
            };
        }

        return new SystemState(particles, epochLength, epoch, time);
    }

    private static void WriteTally(CheckpointSink sink, EventTally tally)
    {
        sink.Write(tally.PairCounts);
        sink.Write(tally.OrderCounts);
        sink.Write(tally.MultipleCount);
        sink.Write(tally.GrazingCount);
        sink.Write(tally.Virial.Export());
        sink.Write(tally.WallImpulse.Export());
    }

    private static EventTally ReadTally(CheckpointSource source, Gas gas)
    {
        source.RequireLongs((long)gas.Species.Length * gas.Species.Length + gas.OrderMax + 1L);
        EventTally tally = new(gas.Species.Length, gas.OrderMax);
        source.ReadInto(tally.PairCounts);
        source.ReadInto(tally.OrderCounts);
        tally.MultipleCount = source.ReadLong();
        tally.GrazingCount = source.ReadLong();
        long[] virial = new long[ExactSum.WordCount], wallImpulse = new long[ExactSum.WordCount];
        source.ReadInto(virial);
        source.ReadInto(wallImpulse);
        if (!CheckpointCheck.IsSum(virial) || !CheckpointCheck.IsSum(wallImpulse))
        {
            source.Require("a sum of impulses is no sum");
        }

        source.Require(CheckpointCheck.Problem(tally));
        tally.RestoreSums(ExactSum.Import(virial), ExactSum.Import(wallImpulse));
        return tally;
    }

    private static void WriteProgress(CheckpointSink sink, RunProgress progress)
    {
        sink.Write(progress.NextSample);
        sink.Write(progress.NextFrame);
        WriteBaseline(sink, progress.Baseline);
        WriteBaseline(sink, progress.LastSample);
        sink.Write(progress.ThermoLength);
        sink.Write(progress.TrajectoryLength);
        sink.Write(progress.EventsLength);
        sink.Write(progress.InitialEnergy);
        sink.Write(progress.InitialMomentum);
        sink.Write(progress.InitialAngularMomentum);
        sink.Write(progress.EnergyDriftMax);
        sink.Write(progress.MomentumDriftMax);
        sink.Write(progress.AngularMomentumDriftMax);
        sink.Write(progress.CrossingCount);
        sink.Write(progress.WallSeconds);
        sink.Write(progress.CpuSeconds);
    }

    private static RunProgress ReadProgress(CheckpointSource source, Gas gas, int version) => new()
    {
        NextSample = source.ReadLong(),
        NextFrame = source.ReadLong(),
        Baseline = ReadBaseline(source, gas),
        LastSample = ReadBaseline(source, gas),
        ThermoLength = source.ReadLong(),
        TrajectoryLength = source.ReadLong(),
        EventsLength = version > 1 ? source.ReadLong() : 0,
        InitialEnergy = source.ReadDouble(),
        InitialMomentum = source.ReadVector(),
        InitialAngularMomentum = source.ReadVector(),
        EnergyDriftMax = source.ReadDouble(),
        MomentumDriftMax = source.ReadDouble(),
        AngularMomentumDriftMax = source.ReadDouble(),
        CrossingCount = source.ReadLong(),
        WallSeconds = source.ReadDouble(),
        CpuSeconds = source.ReadDouble(),
    };

    private static void WriteBaseline(CheckpointSink sink, AveragesBaseline? baseline)
    {
        sink.Write(baseline is null ? 0 : 1);
        if (baseline is not null)
        {
            sink.Write(baseline.Time);
            WriteTally(sink, baseline.Tally);
        }
    }

    private static AveragesBaseline? ReadBaseline(CheckpointSource source, Gas gas) =>
        source.ReadInt(0, 1) == 0 ? null : new AveragesBaseline(source.ReadDouble(), ReadTally(source, gas));
}
