using System.Collections.Immutable;
using ActorMD.Files.Cases;
using ActorMD.Files.Checkpoints;
using ActorMD.Files.Inputs;
using ActorMD.Files.States;
using ActorMD.Physics;
using ActorMD.Report.Sources;

namespace ActorMD.Report.Scenes;

/// <summary>What a report takes from the frames of a run: velocity histograms, and a scene of some particles at some times.</summary>
internal sealed class TrajectorySample
{
    private const int ParticlesShownMax = 4000;
    private const int FramesShownMax = 100;
    private const int SpeciesShownMax = 255;

    private readonly Case _case;
    private readonly int _particleStride;
    private readonly int[] _shown;
    private List<Moment> _kept = [];
    private byte[] _speciesOf = [];
    private int _frameStride = 1;
    private int _frameCount;

    private TrajectorySample(Case @case, string origin)
    {
        _case = @case;
        Origin = origin;
        _particleStride = Math.Max(1, (int)Math.Ceiling((double)@case.ParticleCount / ParticlesShownMax));
        _shown = [.. Enumerable.Range(0, @case.ParticleCount).Where(id => id % _particleStride == 0)];
        Velocities =
        [
            .. @case.Gas.Species.Select((species, a) => new VelocityHistogram(
                species.Name, species.Mass, @case.Gas.Dimension,
                    Math.Sqrt(Math.Max(@case.Initial.Velocities.Species[a].TemperatureIn(@case.Gas.Box), 1e-300) / species.Mass))),
        ];
    }

    /// <summary>Where the frames come from.</summary>
    public string Origin { get; private set; }

    /// <summary>Of each species.</summary>
    public ImmutableArray<VelocityHistogram> Velocities { get; }

    /// <summary>Reads the trajectory of a run, or its newest checkpoint; null where there is neither.</summary>
    public static TrajectorySample? Of(Source source)
    {
        if (source is not { Kind: SourceKind.Run, Case: { } @case } || @case.Gas.Species.Length > SpeciesShownMax)
        {
            return null;
        }

        if (@case.Output.Trajectory is { } plan && File.Exists(source.Folder.TrajectoryPath(plan.Format)))
        {
            TrajectorySample sample = new(@case, "");
            int averaged = 0;
            ParticleFile.Visit(source.Folder.TrajectoryPath(plan.Format), frame =>
            {
                bool counts = frame.Time >= @case.Run.Equilibrate;
                averaged += counts ? 1 : 0;
                sample.Add(frame, counts);
            });
            sample.Origin = FormattableString.Invariant($"From the {averaged} frames of the trajectory after equilibration");
            if (averaged == 0)
            {
                sample.TakeVelocities(source);
            }

            return sample._frameCount > 0 ? sample : null;
        }

        TrajectorySample end = new(@case, "");
        return end.TakeVelocities(source) ? end : null;
    }

    /// <summary>The particles in space; null for a single frame, where there is nothing to play.</summary>
    public Scene? Scene(string title)
    {
        Moment[] frames = [.. _kept.Where(frame => frame.Positions.Length == _kept[0].Positions.Length)];
        if (frames.Length < 2)
        {
            return null;
        }

        Box box = _case.Gas.Box;
        double[] lengths = [box.Lengths.X, box.Lengths.Y, _case.Gas.Dimension == 3 ? box.Lengths.Z : 0];
        bool hasSpeeds = frames.All(frame => frame.Velocities is not null);
        double fastest = hasSpeeds ? frames.Max(frame => frame.Velocities!.Max(v => v.LengthSquared)) : 0;
        ushort[] positions = new ushort[frames.Length * _shown.Length * 3];
        byte[] speeds = fastest > 0 ? new byte[frames.Length * _shown.Length] : [];
        for (int k = 0; k < frames.Length * _shown.Length; k++)
        {
            (int frame, int particle) = Math.DivRem(k, _shown.Length);
            for (int axis = 0; axis < 3; axis++)
            {
                double share = lengths[axis] > 0 ? frames[frame].Positions[particle][axis] / lengths[axis] : 0;
                positions[3 * k + axis] = (ushort)Math.Round(65535 * Math.Clamp(share, 0, 1));
            }

            if (speeds.Length > 0)
            {
                speeds[k] = (byte)Math.Round(255 * Math.Sqrt(frames[frame].Velocities![particle].LengthSquared / fastest));
            }
        }

        string particles = _particleStride == 1 ? $"All {_shown.Length} particles"
            : $"One particle of {_particleStride}, {_shown.Length} of {_case.ParticleCount}";
        string times = _frameStride == 1 ? $"all {frames.Length} frames"
            : $"one frame of {_frameStride}, {frames.Length} of {_frameCount}";
        string open = box.Has(Boundary.Open) ? " Particles outside the box are shown at its faces." : "";
        return new Scene(
            title, _case.Gas.Dimension, lengths, [.. _case.Gas.Species.Select(species => (species.Name, species.Diameter / 2))], _speciesOf,
            [.. frames.Select(frame => frame.Time)], positions, speeds, Math.Sqrt(fastest), $"{particles}, {times}.{open}");
    }

    // Those of the newest checkpoint; false where there is none that is sound: 'actormd verify' says what is wrong.
    private bool TakeVelocities(Source source)
    {
        CheckpointStore store = new(source.Folder.CheckpointDirectory);
        if (store.NewestNumber is null)
        {
            return false;
        }

        try
        {
            Checkpoint checkpoint = store.ReadNewestSound(out _);
            AddVelocities(ParticleFrame.Of(checkpoint.Gas, checkpoint.State));
            Origin = FormattableString.Invariant($"From the checkpoint of time {checkpoint.State.AbsoluteTime:g6}");
            return true;
        }
        catch (InputFaultException)
        {
            return false;
        }
    }

    private void AddVelocities(ParticleFrame frame)
    {
        if (frame.Velocities is { } velocities)
        {
            for (int id = 0; id < frame.Count; id++)
            {
                int species = SpeciesOf(frame, id);
                bool hasOwnMass = _case.Gas.Species[species].Sizes is not null && frame.Masses is not null;
                Velocities[species].Add( // as if all had the mean mass
                    hasOwnMass ? Math.Sqrt(frame.Masses![id] / _case.Gas.Species[species].Mass) * velocities[id] : velocities[id]);
            }
        }
    }

    private void Add(ParticleFrame frame, bool counts)
    {
        if (counts)
        {
            AddVelocities(frame);
        }

        if (_frameCount == 0)
        {
            _speciesOf = [.. _shown.Where(id => id < frame.Count).Select(id => (byte)SpeciesOf(frame, id))];
        }

        if (_frameCount++ % _frameStride == 0 && frame.Count == _case.ParticleCount)
        {
            _kept.Add(new Moment(frame.Time ?? _frameCount - 1, [.. _shown.Select(id => frame.Positions[id])], frame.Velocities is { } all
                ? [.. _shown.Select(id => all[id])] : null));
            if (_kept.Count > FramesShownMax)
            {
                _kept = [.. _kept.Where((_, k) => k % 2 == 0)];
                _frameStride *= 2;
            }
        }
    }

    // A file lists species in the order in which they appear.
    private int SpeciesOf(ParticleFrame frame, int id)
    {
        string name = frame.SpeciesNames[frame.Species[id]];
        for (int a = 0; a < _case.Gas.Species.Length; a++)
        {
            if (_case.Gas.Species[a].Name == name)
            {
                return a;
            }
        }

        return Math.Min(frame.Species[id], _case.Gas.Species.Length - 1);
    }

    /// <summary>The shown particles in one frame.</summary>
    private sealed record Moment(double Time, Vec3[] Positions, Vec3[]? Velocities);
}
