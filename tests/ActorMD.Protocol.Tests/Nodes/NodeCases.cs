using ActorMD.Physics;
using ActorMD.Protocol.Nodes;

namespace ActorMD.Protocol.Tests.Nodes;

/// <summary>What the tests of nodes have in common.</summary>
internal static class NodeCases
{
    public const string Product = "1.0";

    public static readonly NodeId A = new("a"), B = new("b"), C = new("c");

    public static NodePacket.Placement Draft(long session) =>
        new(session, 0, Product, "run", "folder", new Gas(Box.Of(2, new Vec3(400, 16, 0), Boundary.Periodic), [new Species("A", 1, 1)], []), [], []);

    public static NodePacket.Placement Placing(long session, int number, params NodeId[] nodes) =>
        Draft(session) with { Number = number, Nodes = [.. nodes], NodeOfDomain = EvenPlacement.Of(4, nodes.Length) };
}
