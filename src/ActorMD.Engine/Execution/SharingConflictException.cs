namespace ActorMD.Engine.Execution;

/// <summary>Threads that share a slice have got in each other's way: the slice is rolled back and run by one thread.</summary>
internal sealed class SharingConflictException(string message) : Exception(message)
{
    /// <summary>Whether the room for what workers add was too small.</summary>
    public bool IsForRoom { get; init; }

    /// <summary>Whether a slice has failed since the room for what workers add was too small.</summary>
    public static bool NeedsRoom(Exception conflict) => conflict is SharingConflictException { IsForRoom: true };
}
