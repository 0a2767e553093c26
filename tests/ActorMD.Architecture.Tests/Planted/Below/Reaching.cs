namespace ActorMD.Architecture.Tests.Planted.Below;

/// <summary>A breach that the tests must find: it uses what stands above it, in the body of a method only.</summary>
internal sealed class Reaching
{
    public static bool IsAlone() => new Above.Circling().Other is null;
}
