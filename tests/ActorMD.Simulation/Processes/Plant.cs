namespace ActorMD.Simulation.Processes;

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
}
