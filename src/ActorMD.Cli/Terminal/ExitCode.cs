namespace ActorMD.Cli.Terminal;

/// <summary>What the process returns to the shell.</summary>
public static class ExitCode
{
    public const int Done = 0;

    /// <summary>The input is wrong; nothing was written.</summary>
    public const int WrongInput = 2;

    /// <summary>The physics was violated, or a check found a run to be wrong.</summary>
    public const int PhysicsViolated = 3;

    /// <summary>The machine failed (disk full, a bug): the run can be resumed from its newest checkpoint.</summary>
    public const int RuntimeFailure = 4;

    /// <summary>Stopped by a signal.</summary>
    public const int Interrupted = 130;
}
