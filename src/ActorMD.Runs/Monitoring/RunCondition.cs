namespace ActorMD.Runs.Monitoring;

/// <summary>How a run is, as far as its folder tells.</summary>
public enum RunCondition
{
    /// <summary>A process works on it.</summary>
    Running,

    /// <summary>Its result is there.</summary>
    Finished,

    /// <summary>It was stopped, and can be resumed.</summary>
    Interrupted,

    /// <summary>The physics was violated; a diagnosis is there.</summary>
    Violated,

    /// <summary>It is not finished, and nothing has written for a while: it was killed, or its machine is gone. It can be
    /// resumed.</summary>
    Silent,
}
