namespace ActorMD.Engine.Sharing;

/// <summary>Threads that share a slab have got in each other's way: the slab is taken back and run by one thread.</summary>
internal sealed class SharingConflictException(string message) : Exception(message);
