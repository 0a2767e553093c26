namespace ActorMD.Engine.Execution;

/// <summary>Threads that share a slice have got in each other's way: the slice is rolled back and run by one thread.</summary>
internal sealed class SharingConflictException(string message) : Exception(message);
