using ActorMD.Physics;
using ActorMD.Protocol.Geometry;

namespace ActorMD.Protocol.Tests;

public sealed class SharedLayersTests
{
    [Theory]
    [InlineData(20, 2, "layers of 20, the largest reach of an event, and are 25 wide along x")]
    [InlineData(20, 1, null)]
    [InlineData(1, 2, null)]
    public void A_large_particle_makes_wide_layers(double largest, int blocks, string? complaint)
    {
        Gas gas = new(Box.Cube(50), [new Species("S", 1, 1), new Species("L", 100, largest)], []);
        string? said = SharedLayers.Complaint(gas, 20_001, new Split(blocks, 1, 1));
        if (complaint is null)
        {
            Assert.Null(said);
        }
        else
        {
            Assert.Contains(complaint, said, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Narrow_domains_of_a_gas_of_one_size_are_nothing_to_wonder_about() => Assert.Null(
        SharedLayers.Complaint(new Gas(Box.Cube(10), [new Species("S", 1, 1)], []), 900, new Split(3, 3, 3)));
}
