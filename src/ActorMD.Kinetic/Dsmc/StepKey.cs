using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Kinetic.Dsmc;

/// <summary>The 128 bits that all random numbers of one step of one run start from.</summary>
internal readonly struct StepKey
{
    public StepKey(ulong seed, RandomStream stream, int run, long step)
    {
        CounterRandom random = new(seed, stream, (uint)run, (ulong)step);
        Low = random.NextBits();
        High = random.NextBits();
    }

    public ulong Low { get; }

    public ulong High { get; }
}
