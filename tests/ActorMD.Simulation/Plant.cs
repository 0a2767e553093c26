namespace ActorMD.Simulation;

/// <summary>Mistakes that are built in to show that the simulator finds them.</summary>
public enum Plant
{
    None = 0,

    /// <summary>A node takes messages of any session in.</summary>
    TakesAnySession,

    /// <summary>Domains of a node that is lost are not placed anew.</summary>
    KeepsPlaces,

    /// <summary>A node obeys whichever coordinator has spoken last.</summary>
    ObeysOlder,

    /// <summary>Messages to domains are sent before all nodes have said that theirs are there.</summary>
    SendsEarly,

    /// <summary>A coordinator that has been obeyed raises its number when it hears of a higher one, and is never deposed.</summary>
    RaisesForEver,

    /// <summary>The store takes checkpoints of a process whose lock was broken.</summary>
    WritesUnlocked,

    /// <summary>A verdict on an earlier attempt at a slice counts for the present one.</summary>
    TakesLateVerdicts,

    /// <summary>A slice counts as done although it is void in one domain.</summary>
    KeepsVoidSlices,

    /// <summary>One of the particles that have come into the range of a neighbour is not sent there.</summary>
    ForgetsGhost,

    /// <summary>A strip does not tell the node above which of that one's events it has rolled back.</summary>
    HidesRollbacks,

    /// <summary>A client that comes back gives the next run a number that is used.</summary>
    ForgetsRunNumber,

    /// <summary>A coordinator that comes back has the incarnation of the one before.</summary>
    KeepsIncarnation,
}

/// <summary>Where a mistake is built in.</summary>
public static class Plants
{
    /// <summary>Whether it is one of processes and who leads them; otherwise it is one of single actors.</summary>
    public static bool IsOfProcesses(this Plant plant) => plant is > Plant.None and < Plant.TakesLateVerdicts;
}
