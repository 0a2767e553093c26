using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ActorMD.Physics;
using ActorMD.Protocol.Messages;

namespace ActorMD.Protocol.Coordination;

/// <summary>Puts together what all domains hand out at a cut: their particles, or sums over them.</summary>
internal sealed class Gathering
{
    private readonly Message.Shard[] _shards;

    /// <param name="domainCount">Number of domains.</param>
    /// <param name="sumsOnly">Whether sums are gathered, and no particles.</param>
    /// <param name="isOnTheWay">Whether it is no answer to the client's request.</param>
    public Gathering(int domainCount, bool sumsOnly, bool isOnTheWay = false)
    {
        _shards = new Message.Shard[domainCount];
        (SumsOnly, IsOnTheWay) = (sumsOnly, isOnTheWay);
    }

    /// <summary>Whether it is no answer to the client's request: sums from which those at waypoints follow.</summary>
    public bool IsOnTheWay { get; }

    /// <summary>Whether sums are gathered, and no particles.</summary>
    public bool SumsOnly { get; }

    /// <summary>Events since the run began that were rolled back.</summary>
    public long UndoneEventCount => _shards.Sum(shard => shard.UndoneEventCount);

    /// <summary>Takes what a domain hands out.</summary>
    /// <returns>Whether it is what was asked for.</returns>
    public bool Take(Message.Shard shard)
    {
        bool isAsked = shard.Sums is not null == SumsOnly;
        if (isAsked)
        {
            _shards[shard.Domain] = shard;
        }

        return isAsked;
    }

    /// <summary>All of it.</summary>
    /// <param name="gas">What is simulated.</param>
    /// <param name="particleCount">Of the whole system.</param>
    /// <exception cref="InvalidOperationException">The domains hold more particles than there are, or fewer.</exception>
    public (ImmutableArray<ParticleState> Particles, SumsRecord? Sums, EventTally Tally) Join(Gas gas, int particleCount)
    {
        ParticleState[] particles = new ParticleState[SumsOnly ? 0 : particleCount];
        VelocitySums sums = new(gas);
        EventTally tally = new(gas.Species.Length, gas.OrderMax);
        foreach (Message.Shard shard in _shards)
        {
            foreach (ref readonly ParticleRecord particle in shard.Particles.AsSpan())
            {
                particles[particle.Id] = particle.State;
            }

            shard.Sums?.AddTo(sums);
            shard.Tally.AddTo(tally);
        }

        long count = SumsOnly ? sums.Count : _shards.Sum(shard => shard.Particles.Length);
        return count == particleCount
            ? (ImmutableCollectionsMarshal.AsImmutableArray(particles), SumsOnly ? SumsRecord.Of(sums) : null, tally)
            : throw new InvalidOperationException($"the domains hold {count} particles, not {particleCount}");
    }
}
