namespace ActorMD.Engine;

/// <summary>Threads that share a slab have got in each other's way: the slab is taken back and run by one thread.</summary>
internal sealed class SlabConflictException(string message) : Exception(message);
