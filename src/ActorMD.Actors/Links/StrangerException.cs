namespace ActorMD.Actors;

/// <summary>Who is at the other end of a connection does not send what nodes send.</summary>
public sealed class StrangerException : Exception
{
    private StrangerException(string message)
        : base(message)
    {
    }

    internal static StrangerException Chunk(string what) => new($"a chunk contradicts itself: {what}");

    internal static StrangerException Because(string reason) => new(reason);
}
