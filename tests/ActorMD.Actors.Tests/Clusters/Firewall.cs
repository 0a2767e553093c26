using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Remote.Transport;
using Google.Protobuf;
using AkkaTransport = Akka.Remote.Transport.Transport;

namespace ActorMD.Actors.Tests.Clusters;

/// <summary>Breaks the network between nodes of the test's process: what is sent from one side to the other gets lost.</summary>
internal static class Firewall
{
    // A node is known by the port that it listens at, a connection by the port of the end that has opened it.
    private static readonly ConcurrentDictionary<int, int> NodeOfConnection = new();
    private static readonly ConcurrentDictionary<int, int> SideOfNode = new();

    /// <summary>HOCON that puts it into a node.</summary>
    public static string Settings =>
        """
        akka.remote.adapters.firewall = "ActorMD.Actors.Tests.Clusters.FirewallProvider,ActorMD.Actors.Tests"
        akka.remote.dot-netty.tcp.applied-adapters = ["firewall"]
        """;

    /// <summary>From now on these nodes reach only each other.</summary>
    public static void Separate(IEnumerable<int> ports)
    {
        foreach (int port in ports)
        {
            SideOfNode[port] = 1;
        }
    }

    /// <summary>A new node listens at a port. A connection, or a node of another test, may have had the same number before.</summary>
    public static void Listens(int nodePort)
    {
        NodeOfConnection.TryRemove(nodePort, out _);
        SideOfNode.TryRemove(nodePort, out _);
    }

    public static void Opened(int connectionPort, int nodePort) => NodeOfConnection[connectionPort] = nodePort;

    public static bool IsBlocked(int nodePort, int remotePort)
    {
        int remoteNode = NodeOfConnection.GetValueOrDefault(remotePort, remotePort);
        return SideOfNode.GetValueOrDefault(nodePort) != SideOfNode.GetValueOrDefault(remoteNode);
    }
}

/// <summary>Named in the configuration.</summary>
public sealed class FirewallProvider : ITransportAdapterProvider
{
    public AkkaTransport Create(AkkaTransport wrappedTransport, ExtendedActorSystem system) =>
        new FirewallTransport(wrappedTransport, system);
}

internal sealed class FirewallTransport : AkkaTransport
{
    private readonly AkkaTransport _inner;
    private int _port;

    public FirewallTransport(AkkaTransport inner, ExtendedActorSystem system)
    {
        _inner = inner;
        System = system;
        Config = inner.Config;
    }

    public override string SchemeIdentifier => _inner.SchemeIdentifier;

    public override long MaximumPayloadBytes => _inner.MaximumPayloadBytes;

    public override async Task<(Address, TaskCompletionSource<IAssociationEventListener>)> Listen()
    {
        (Address address, TaskCompletionSource<IAssociationEventListener> inner) = await _inner.Listen();
        _port = address.Port!.Value;
        Firewall.Listens(_port);
        TaskCompletionSource<IAssociationEventListener> outer = new();
        _ = outer.Task.ContinueWith(listener => inner.TrySetResult(new Listener(this, listener.Result)), TaskScheduler.Default);
        return (address, outer);
    }

    public override bool IsResponsibleFor(Address remote) => _inner.IsResponsibleFor(remote);

    public override async Task<AssociationHandle> Associate(Address remoteAddress)
    {
        if (Firewall.IsBlocked(_port, remoteAddress.Port!.Value))
        {
            throw new InvalidAssociationException("the network is broken");
        }

        AssociationHandle handle = await _inner.Associate(remoteAddress);
        Firewall.Opened(handle.LocalAddress.Port!.Value, _port);
        return new Handle(handle, _port);
    }

    public override Task<bool> Shutdown() => _inner.Shutdown();

    private sealed class Listener(FirewallTransport transport, IAssociationEventListener upper) : IAssociationEventListener
    {
        public void Notify(IAssociationEvent ev) => upper.Notify(
            ev is InboundAssociation inbound ? new InboundAssociation(new Handle(inbound.Association, transport._port)) : ev);
    }

    private sealed class Handle : AssociationHandle
    {
        private readonly AssociationHandle _inner;
        private readonly int _port;

        public Handle(AssociationHandle inner, int port)
            : base(inner.LocalAddress, inner.RemoteAddress)
        {
            (_inner, _port) = (inner, port);
            _ = ReadHandlerSource.Task.ContinueWith(
                listener => inner.ReadHandlerSource.TrySetResult(listener.Result), TaskScheduler.Default);
        }

        public override bool Write(ByteString payload) => Firewall.IsBlocked(_port, RemoteAddress.Port!.Value) || _inner.Write(payload);

#pragma warning disable CS0672, CS0618 // The base class declares the method so.
        public override void Disassociate() => _inner.Disassociate();
#pragma warning restore CS0672, CS0618
    }
}
