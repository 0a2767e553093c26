namespace ActorMD.Actors.Links;

/// <summary>What is at the other end of a connection is no node of this cluster, or does not send what nodes send.</summary>
public sealed class StrangerException : Exception
{
    private StrangerException(string message)
        : base(message)
    {
    }

    internal static StrangerException Version(string theirs, string ours) =>
        new($"it runs ActorMD {theirs}, this node {ours}: run the same program everywhere");

    internal static StrangerException Because(string reason) => new(reason);
}
