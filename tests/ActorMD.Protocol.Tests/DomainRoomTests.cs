using ActorMD.Physics;
using ActorMD.Protocol.Geometry;
using ActorMD.Testing;

namespace ActorMD.Protocol.Tests;

/// <summary>How many domains share a run, and what is said where they are fewer than were asked for.</summary>
public class DomainRoomTests
{
    private static readonly Gas _gas = new(Box.Of(3, new Vec3(130, 22, 22), Boundary.Periodic), [new Species("A", 1, 1)], []);

    [Fact]
    public void All_that_are_asked_for_share_where_there_is_room() => Assert.Equal(new DomainRoom(2, null), Of(_gas, 4000, 2));

    [Fact]
    public void Where_there_is_room_for_fewer_that_many_share()
    {
        DomainRoom room = Of(_gas, 4000, 40);
        Assert.InRange(room.Count, 2, 6);
        Assert.Equal($"the box has room for {room.Count} domains along x", room.Obstacle);
        Assert.Equal(room, Of(_gas, 4000, 1000));
    }

    [Fact]
    public void What_cannot_be_shared_is_left_to_one_domain_and_the_reason_is_said()
    {
        DomainRoom small = Of(new Gas(Box.Cube(14), [new Species("A", 1, 1)], []), 900, 4);
        Assert.Equal(1, small.Count);
        Assert.Contains("too short along x", small.Obstacle, StringComparison.Ordinal);
        DomainRoom open = Of(_gas with { Box = _gas.Box with { BoundaryY = Boundary.Open } }, 4000, 2);
        Assert.Equal(1, open.Count);
        Assert.Contains("open sides", open.Obstacle, StringComparison.Ordinal);
    }

    [Fact]
    public void One_domain_needs_no_reason() => Assert.Equal(new DomainRoom(1, null), Of(_gas, 4000, 1));

    private static DomainRoom Of(Gas gas, int count, int wanted) => DomainRoom.Of(gas, Gases.Lattice(gas, [count], seed: 2), wanted);
}
