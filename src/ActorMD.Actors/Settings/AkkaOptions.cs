namespace ActorMD.Actors.Settings;

/// <summary>What a process says about itself when it joins a cluster; null leaves it to the configuration file.</summary>
public sealed record AkkaOptions
{
    /// <summary>A HOCON file with the settings of <c>actormd</c> and <c>akka</c>, or null for those of one machine.</summary>
    public string? ConfigPath { get; init; }

    /// <summary>Address at which other nodes reach this one.</summary>
    public string? Host { get; init; }

    /// <summary>TCP port; 0 for any free one.</summary>
    public int? Port { get; init; }

    /// <summary>Whether this process can lead the run: it knows the case and reaches the run folder.</summary>
    public bool CanCoordinate { get; init; }
}
