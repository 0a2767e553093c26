namespace ActorMD.Engine.Execution;

/// <summary>
/// Workers that share a slice have got in each other's way: the slice is void. Of threads, one runs it then; nodes try it again, shorter.
/// </summary>
internal sealed class SharingConflictException(string message) : Exception(message)
{
    /// <summary>Whether the room for what workers add was too small.</summary>
    public bool IsForRoom { get; init; }

    /// <summary>Whether a slice has failed because the room for what workers add was too small.</summary>
    public static bool NeedsRoom(Exception conflict) => conflict is SharingConflictException { IsForRoom: true };
}
