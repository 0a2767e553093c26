using System.Collections.Immutable;

namespace ActorMD.Actors.Settings;

/// <summary>What a process says about itself when it joins a cluster; null or empty leaves it to the configuration file.</summary>
public sealed record AkkaOptions
{
    /// <summary>A HOCON file with the settings of <c>actormd</c> and <c>akka</c>, or null for those of one machine.</summary>
    public string? ConfigPath { get; init; }

    /// <summary>Address at which other nodes reach this one.</summary>
    public string? Host { get; init; }

    /// <summary>TCP port; 0 for any free one.</summary>
    public int? Port { get; init; }

    /// <summary>Nodes to ask for admission, <c>host:port</c>; the first of them forms the cluster.</summary>
    public ImmutableArray<string> Seeds { get; init; } = [];

    /// <summary>Folder that all nodes share, for settling which side of a broken network goes on.</summary>
    public string? LeaseFolder { get; init; }

    /// <summary>Whether this process can lead the run: it knows the case and reaches the run folder.</summary>
    public bool CanCoordinate { get; init; }
}
