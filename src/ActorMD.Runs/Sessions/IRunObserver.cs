namespace ActorMD.Runs.Sessions;

/// <summary>Is told how a run goes on, on the thread that runs it.</summary>
public interface IRunObserver
{
    /// <summary>After every slice of about a tenth of a second, and at every output.</summary>
    void Advanced(RunPace pace);

    /// <summary>A checkpoint of this simulation time is safe on disk.</summary>
    void Checkpointed(double time);
}

/// <summary>Where a run stands and how fast it goes.</summary>
/// <param name="Time">Simulation time.</param>
/// <param name="Until">Simulation time at its end.</param>
/// <param name="CollisionCount">Events of order 2 and up so far.</param>
/// <param name="CollisionsPerSecond">Of wall time, over the last seconds; null before anything is known.</param>
/// <param name="SecondsLeft">Wall time to the end at the present speed; null before anything is known.</param>
public sealed record RunPace(double Time, double Until, long CollisionCount, double? CollisionsPerSecond, double? SecondsLeft)
{
    /// <summary>Share of the simulation time that is done, 0 to 1.</summary>
    public double Fraction => Until > 0 ? Math.Clamp(Time / Until, 0, 1) : 1;
}
