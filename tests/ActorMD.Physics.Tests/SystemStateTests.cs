namespace ActorMD.Physics.Tests;

public sealed class SystemStateTests
{
    [Fact]
    public void The_digest_is_the_known_one()
    {
        // SHA-256 of two records packed by hand as '<ii7d3i' (id, species, x, v, t, image).
        Assert.Equal(
            "sha256:aec35b984e2edd31118d406ac57651c7d5ec8517e9bebbcf48ede2b1fd95e40a",
            StateDigest.Of(TwoParticles(0.0)));
    }

    [Fact]
    public void Minus_zero_counts_as_zero_in_the_digest() =>
        Assert.Equal(StateDigest.Of(TwoParticles(0.0)), StateDigest.Of(TwoParticles(-0.0)));

    [Fact]
    public void Every_field_of_a_particle_changes_the_digest()
    {
        Func<ParticleState, ParticleState>[] changes =
        [
            p => p with { Kind = p.Kind + 1 },
            p => p with { Time = Math.BitIncrement(p.Time) },
            p => p with { Position = p.Position with { Z = Math.BitIncrement(p.Position.Z) } },
            p => p with { Velocity = p.Velocity with { X = Math.BitIncrement(p.Velocity.X) } },
            p => p with { Image = p.Image + new Int3(0, 1, 0) },
        ];
        HashSet<string> digests = [StateDigest.Of(TwoParticles(0))];
        foreach (Func<ParticleState, ParticleState> change in changes)
        {
            SystemState state = TwoParticles(0);
            state.Particles[1] = change(state.Particles[1]);
            Assert.True(digests.Add(StateDigest.Of(state)));
        }
    }

    [Fact]
    public void The_digest_of_many_particles_does_not_depend_on_its_buffer()
    {
        // 2048 and 2049 records end at and after a full buffer of 1024.
        ParticleState[] particles = new ParticleState[2049];
        string longer = StateDigest.Of(new SystemState(particles, 1)), shorter = StateDigest.Of(new SystemState(particles[..2048], 1));
        Assert.NotEqual(longer, shorter);
        byte[] bytes = new byte[2049 * 76];
        for (int id = 0; id < 2049; id++)
        {
            BitConverter.TryWriteBytes(bytes.AsSpan(76 * id), id);
        }

        Assert.Equal("sha256:" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)), longer);
    }

    [Fact]
    public void Time_goes_on_over_epochs()
    {
        Assert.Equal(3 * 8.0 + 1.5, new SystemState([], 8, 3, 1.5).AbsoluteTime);
        Assert.Equal(1.5, new SystemState([], double.PositiveInfinity, 0, 1.5).AbsoluteTime);
    }

    [Fact]
    public void Species_are_counted() => Assert.Equal([1, 1, 0], TwoParticles(0).CountSpecies(
        new Gas(Box.Cube(10), [new Species("A", 1, 1), new Species("B", 1, 1), new Species("C", 1, 1)], [])));

    [Theory]
    [InlineData(1000, 0.1, 1)]
    [InlineData(1000, 0.001, 1)]
    [InlineData(1000, 1e-6, 300)]
    [InlineData(1, 0.1, 1e-5)]
    public void An_epoch_lasts_a_power_of_two(int count, double diameter, double speed)
    {
        Gas gas = new(Box.Cube(1), [new Species("A", 1, diameter)], [new Zone(3, 3 * diameter)]);
        ParticleState[] particles = new ParticleState[count];
        Array.Fill(particles, new ParticleState { Velocity = new Vec3(0, speed, 0) });
        double length = EpochLength.For(gas, particles);
        Assert.True(double.IsFinite(length) && length > 0);
        Assert.Equal(0, BitConverter.DoubleToInt64Bits(length) & 0xFFFFFFFFFFFFFL);
    }

    [Fact]
    public void An_epoch_never_ends_when_nothing_moves() => Assert.Equal(
        double.PositiveInfinity,
        EpochLength.For(new Gas(Box.Cube(1), [new Species("A", 1, 0.1)], []), new ParticleState[4]));

    private static SystemState TwoParticles(double zero) => new(
        [
            new ParticleState
            {
                Position = new Vec3(0.25, 0.5, 0.75), Velocity = new Vec3(1, -2, zero), Time = 0.125, Image = new Int3(1, 0, -1),
            },
            new ParticleState
            {
                Position = new Vec3(zero, 0.1, 0.9), Velocity = new Vec3(zero, 1e-3, 3), Time = -0.5, Image = new Int3(0, 2, 0),
                    Kind = 1,
            },
        ],
        8);
}
