namespace ActorMD.Architecture.Tests.Planted.Above;

/// <summary>A breach that the tests must find: its namespace and that of <see cref="Below.Reaching"/> use each other.</summary>
internal sealed class Circling
{
    public Below.Reaching? Other { get; init; }
}
