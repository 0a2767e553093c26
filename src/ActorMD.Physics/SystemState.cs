namespace ActorMD.Physics;

/// <summary>
/// All particles in id order and the clock: a consistent cut from which a run goes on bit-identically.
/// </summary>
/// <remarks>
/// Times are offsets from the start of an epoch, so that their precision does not fade in long runs. All epochs last
/// <see cref="EpochLength"/>, a power of two that depends on the case alone; at the end of each one every particle is
/// moved to that moment, and its time begins at zero again (<see cref="Epoch"/>).
/// </remarks>
public sealed class SystemState
{
    public SystemState(ParticleState[] particles, double epochLength, long epoch = 0, double time = 0)
    {
        Particles = particles;
        EpochLength = epochLength;
        Epoch = epoch;
        Time = time;
    }

    /// <summary>Index is the particle's id.</summary>
    public ParticleState[] Particles { get; }

    /// <summary>Simulation time of one epoch; +infinity where one epoch lasts for ever.</summary>
    public double EpochLength { get; }

    /// <summary>Number of finished epochs.</summary>
    public long Epoch { get; }

    /// <summary>The moment of the cut, as an offset from the start of the epoch: all events up to it are done.</summary>
    public double Time { get; }

    /// <summary>Simulation time since the beginning of the run.</summary>
    public double AbsoluteTime => Physics.Epoch.TimeOf(Epoch, EpochLength, Time);

    /// <summary>Number of particles of each species.</summary>
    public int[] CountSpecies(Gas gas)
    {
        int[] counts = new int[gas.Species.Length];
        foreach (ref readonly ParticleState particle in Particles.AsSpan())
        {
            counts[gas.Kinds[particle.Kind].Species]++;
        }

        return counts;
    }
}
