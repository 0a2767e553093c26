using System.Collections.Immutable;
using ActorMD.Protocol.Domains;

namespace ActorMD.Protocol.Nodes;

/// <summary>
/// The coordinator's side of a cluster: which nodes are there, which node has which domain, and what happens when a node is lost.
/// </summary>
/// <remarks>
/// <para>
/// When a node that has domains is lost, all domains are placed anew on the nodes that are left, and the client begins a new run from
/// its last consistent cut. Nodes that come are used from the next cut on. A domain that meets what it cannot handle makes its node count
/// as lost, once; the second time the run is given up.
/// </para>
/// <para>
/// Nothing may be sent to domains before all nodes that have some have said that these are there (<see cref="IsPlaced"/>): so all that is
/// said in a session is said among nodes that obey the same coordinator, even if two have taken the same number. A coordinator whose
/// number is too low raises it until it has been obeyed by all; from then on a higher one means that another coordinator has taken over.
/// </para>
/// <para>A pure state machine, like <see cref="DomainCore"/>.</para>
/// </remarks>
public sealed class PlacementCore
{
    private readonly NodeId _self;
    private readonly int _domainCount;
    private readonly int _nodeCountWanted;
    private readonly List<NodeId> _members = [];
    private readonly HashSet<NodeId> _silent = []; // those that have not yet said that their domains are there
    private readonly HashSet<NodeId> _failed = [];
    private bool _isForming = true;
    private bool _isEstablished; // in this session all nodes of a placement have obeyed
    private double _lossTime = double.NegativeInfinity;
    private bool _isReplaying;

    /// <param name="self">The node of coordinator and client.</param>
    /// <param name="draft">The placement but for nodes and domains; its number is that of the last one, 0.</param>
    /// <param name="domainCount">How many domains there are.</param>
    /// <param name="nodeCountWanted">How many nodes to wait for, this one included, before domains are placed.</param>
    public PlacementCore(NodeId self, NodePacket.Placement draft, int domainCount, int nodeCountWanted)
    {
        _self = self;
        _domainCount = domainCount;
        _nodeCountWanted = nodeCountWanted;
        Placement = draft;
    }

    /// <summary>Where the domains are.</summary>
    public NodePacket.Placement Placement { get; private set; }

    /// <summary>The nodes that are there.</summary>
    public IReadOnlyList<NodeId> Members => _members;

    /// <summary>How many nodes have domains.</summary>
    public int UsedNodeCount => Placement.NodeOfDomain.Distinct().Count();

    /// <summary>Whether the nodes that are wanted are not all there yet, and no domain is placed.</summary>
    public bool IsForming => _isForming;

    /// <summary>Whether all nodes that have domains have said that these are there: only then may anything be sent to them.</summary>
    public bool IsPlaced => !_isForming && (_silent.Count == 0 || !_silent.Any(HasDomains));

    private bool IsDue => !_isForming && _members.Exists(node => !_failed.Contains(node) && !Placement.Nodes.Contains(node));

    /// <summary>A node has come.</summary>
    public void OnUp(NodeId node, ICollection<NodeEffect> effects)
    {
        if (_members.Contains(node))
        {
            return;
        }

        _members.Add(node);
        if (_isForming && _members.Count >= _nodeCountWanted)
        {
            Form(effects);
        }
    }

    /// <summary>The time to wait for nodes is over: go on with those that are there.</summary>
    public void Form(ICollection<NodeEffect> effects)
    {
        if (_isForming)
        {
            _isForming = false;
            PlaceAnew(effects);
        }
    }

    /// <summary>A node is gone for good.</summary>
    /// <param name="node">Which.</param>
    /// <param name="time">Simulation time that was reached.</param>
    /// <param name="effects">What is to be done.</param>
    public void OnDown(NodeId node, double time, ICollection<NodeEffect> effects)
    {
        if (_members.Remove(node))
        {
            _failed.Remove(node);
            Lose(node, time, null, effects);
        }
    }

    /// <summary>Takes in what a node says about itself.</summary>
    /// <param name="from">The node.</param>
    /// <param name="packet">What it says.</param>
    /// <param name="time">Simulation time that was reached.</param>
    /// <param name="effects">What is to be done.</param>
    public void Handle(NodeId from, NodePacket packet, double time, ICollection<NodeEffect> effects)
    {
        switch (packet)
        {
            case NodePacket.Placed placed:
                if (placed.Session == Placement.Session && placed.Number == Placement.Number)
                {
                    _silent.Remove(from);
                    _isEstablished |= _silent.Count == 0;
                }

                break;
            case NodePacket.Refused { Reason: { } reason }:
                if (_members.Remove(from))
                {
                    effects.Add(new NodeEffect.Refused(from, reason));
                    Lose(from, time, null, effects);
                }

                break;
            case NodePacket.Refused refused:
                if (refused.Session >= Placement.Session && _isEstablished)
                {
                    effects.Add(new NodeEffect.Overtaken(from, refused.Session));
                }
                else if (refused.Session >= Placement.Session)
                {
                    Placement = Placement with { Session = refused.Session + 1 };
                    PlaceAnew(effects);
                    effects.Add(NodeEffect.BeginAnew.Instance);
                }

                break;
            case NodePacket.Failed failed:
                if (failed.Session == Placement.Session && failed.Number == Placement.Number)
                {
                    OnFailed(from, failed.Reason, time, effects);
                }

                break;
            default:
                throw new ArgumentException($"a coordinator has no use for {packet.GetType().Name}", nameof(packet));
        }
    }

    /// <summary>The client has a state and is about to ask for the next one: nodes that have come get domains now.</summary>
    public void OnCut(ICollection<NodeEffect> effects)
    {
        if (IsDue)
        {
            PlaceAnew(effects);
            effects.Add(NodeEffect.BeginAnew.Instance);
        }
    }

    /// <summary>So much simulation time is reached.</summary>
    public void OnProgress(double time, ICollection<NodeEffect> effects)
    {
        if (_isReplaying && time >= _lossTime)
        {
            _isReplaying = false;
            effects.Add(new NodeEffect.Recovered(_lossTime));
        }
    }

    /// <summary>Tells nodes that have not answered again where the domains are: a packet may have been lost.</summary>
    public void OnReminder(ICollection<NodeEffect> effects)
    {
        foreach (NodeId node in _silent)
        {
            effects.Add(new NodeEffect.Send(node, Placement));
        }
    }

    private bool HasDomains(NodeId node) => Placement.NodeOfDomain.Contains(Placement.Nodes.IndexOf(node));

    private void OnFailed(NodeId node, string reason, double time, ICollection<NodeEffect> effects)
    {
        if (_failed.Count > 0)
        {
            effects.Add(new NodeEffect.GaveUp(node, reason));
            return;
        }

        _failed.Add(node);
        Lose(node, time, reason, effects);
    }

    private void Lose(NodeId node, double time, string? reason, ICollection<NodeEffect> effects)
    {
        int index = Placement.Nodes.IndexOf(node);
        ImmutableArray<int> domains = [.. Enumerable.Range(0, Placement.NodeOfDomain.Length).Where(domain => Placement.NodeOfDomain[domain] == index)];
        _silent.Remove(node);
        if (domains.IsEmpty)
        {
            _isEstablished |= !_isForming && _silent.Count == 0;
            return;
        }

        _lossTime = _isReplaying ? Math.Max(time, _lossTime) : time;
        _isReplaying = true;
        effects.Add(new NodeEffect.Lost(node, domains, time, reason));
        PlaceAnew(effects);
        effects.Add(NodeEffect.BeginAnew.Instance);
    }

    // All domains on all nodes that are there, but for one that has failed, unless it is the only one. This node comes first, so that it
    // has some even when there are few; if it has failed, it comes last and has none, but must know the ways to the others.
    private void PlaceAnew(ICollection<NodeEffect> effects)
    {
        NodeId[] others =
            [.. _members.Where(node => node != _self && !_failed.Contains(node)).OrderBy(node => node.Name, StringComparer.Ordinal)];
        bool isFailed = _failed.Contains(_self) && others.Length > 0;
        ImmutableArray<NodeId> nodes = isFailed ? [.. others, _self] : [_self, .. others];
        ImmutableArray<int> nodeOfDomain = EvenPlacement.Of(_domainCount, isFailed ? others.Length : nodes.Length);
        Placement = Placement with { Number = Placement.Number + 1, Nodes = nodes, NodeOfDomain = nodeOfDomain };
        _silent.Clear();
        _silent.UnionWith(nodes);
        effects.Add(new NodeEffect.Placing(Placement));
        foreach (NodeId node in nodes)
        {
            effects.Add(new NodeEffect.Send(node, Placement));
        }
    }
}
