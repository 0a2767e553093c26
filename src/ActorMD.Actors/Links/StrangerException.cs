namespace ActorMD.Actors;

/// <summary>Who is at the other end of a connection is no node of this cluster, or does not send what nodes send.</summary>
public sealed class StrangerException : Exception
{
    private StrangerException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    internal static StrangerException Greeting(Exception inner) => new($"it does not greet as ActorMD does: {inner.Message}", inner);

    internal static StrangerException Version(string theirs, string ours) =>
        new($"it runs ActorMD {theirs}, this node {ours}: run the same program everywhere");

    internal static StrangerException Seal() =>
        new("the seal of a frame is wrong: another shared secret, or the frame was changed on its way");

    internal static StrangerException Short(int length) => new($"a frame of {length} bytes is too short to carry a seal");

    internal static StrangerException Early() => new("a frame arrived before the greeting");

    internal static StrangerException Chunk(string what) => new($"a chunk contradicts itself: {what}");
}
