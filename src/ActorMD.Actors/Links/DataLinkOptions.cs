using System.Net;
using ActorMD.Actors.Security;

namespace ActorMD.Actors.Links;

/// <summary>What a node says of itself on its data connections, and their limits.</summary>
internal sealed record DataLinkOptions
{
    /// <summary>The name of this node; the others name it when they dial.</summary>
    public required string Self { get; init; }

    /// <summary>The address to listen at; port 0 is any free one.</summary>
    public IPEndPoint EndPoint { get; init; } = new(IPAddress.Loopback, 0);

    /// <summary>Nodes whose texts differ do not talk to each other.</summary>
    public string Version { get; init; } = "";

    /// <summary>For mutual TLS. Null: nothing is encrypted, and only loopback addresses are listened at and dialled.</summary>
    public NodeCertificate? Certificate { get; init; }

    /// <summary>Bytes of the longest packet.</summary>
    public int PacketLengthMax { get; init; } = 1 << 30;

    /// <summary>Bytes that may wait for one peer; a longer packet may wait alone.</summary>
    public long QueueLengthMax { get; init; } = 256 << 20;

    /// <summary>In this time a connection is open, encrypted and greeted on, or it is closed.</summary>
    public TimeSpan GreetingTime { get; init; } = TimeSpan.FromSeconds(5);
}
