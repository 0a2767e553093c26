namespace ActorMD.Protocol.Nodes;

/// <summary>
/// A process of a cluster. A process that died and came back is another node: it has lost its state, so its transport gives it
/// another name.
/// </summary>
/// <param name="Name">Unique in the cluster; for people, logs and names of files too.</param>
public readonly record struct NodeId(string Name)
{
    public override string ToString() => Name;
}
