using ActorMD.Protocol.Messages;

namespace ActorMD.Protocol.Domains;

/// <summary>What a request is to a domain.</summary>
internal enum RequestPlace
{
    /// <summary>Of the past: nothing is to be done.</summary>
    Late,

    /// <summary>It was done already: the answer is said again.</summary>
    Repeated,

    /// <summary>What was computed before is done everywhere; the next slice begins.</summary>
    Next,

    /// <summary>What was computed is void; the same slice begins again.</summary>
    Retry,

    /// <summary>The state on which it builds is not here.</summary>
    Lost,
}

/// <summary>Tells by their numbers where requests stand in the order of a run.</summary>
internal static class RequestOrder
{
    /// <summary>The place of a request to open a slice.</summary>
    /// <param name="asked">Its number.</param>
    /// <param name="own">That of the domain's slice.</param>
    /// <param name="isReady">Whether the domain holds its particles at a cut.</param>
    /// <param name="isJudged">Whether it has given its verdict.</param>
    public static RequestPlace OfOpening(SliceId asked, SliceId own, bool isReady, bool isJudged) =>
        asked.CompareTo(own) <= 0 ? asked == own && isJudged ? RequestPlace.Repeated : RequestPlace.Late
        : asked == new SliceId(own.Run, own.Slice + 1, 0) && (isReady || isJudged) ? RequestPlace.Next
        : asked == own with { Attempt = own.Attempt + 1 } && isJudged ? RequestPlace.Retry
        : RequestPlace.Lost;

    /// <summary>The place of a request for the particles: <see cref="RequestPlace.Next"/>, late or lost.</summary>
    /// <inheritdoc cref="OfOpening"/>
    public static RequestPlace OfGathering(Message.Gather asked, SliceId own, bool isReady, bool isJudged) =>
        asked.Run < own.Run || (asked.Run == own.Run && asked.Slice <= own.Slice) ? RequestPlace.Late
        : asked.Run == own.Run && asked.Slice == own.Slice + 1 && (isReady || isJudged) ? RequestPlace.Next
        : RequestPlace.Lost;
}
