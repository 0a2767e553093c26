using System.Globalization;
using ActorMD.Simulation;

// Arguments: [--first SEED] [--seeds COUNT] [--trace]. See scripts/simulate.
ulong first = 1, seedCount = 100;
bool isTraced = false;
for (int k = 0; k < args.Length; k++)
{
    switch (args[k])
    {
        case "--first" when k + 1 < args.Length && ulong.TryParse(args[k + 1], CultureInfo.InvariantCulture, out first):
            k++;
            break;
        case "--seeds" when k + 1 < args.Length && ulong.TryParse(args[k + 1], CultureInfo.InvariantCulture, out seedCount):
            k++;
            break;
        case "--trace":
            isTraced = true;
            break;
        default:
            Console.Error.WriteLine($"unknown or incomplete option {args[k]}; usage: scripts/simulate [--first SEED] [--seeds COUNT] [--trace]");
            return 2;
    }
}

CampaignCount count = new();
int faultCount = 0;
for (ulong seed = first; seed < first + seedCount; seed++)
{
    if (Campaign.Fault(seed, count, isTraced ? Console.Out : null) is { } fault)
    {
        faultCount++;
        Console.WriteLine($"seed {seed}: {fault}");
    }

    const int ProgressInterval = 100;
    if ((seed - first + 1) % ProgressInterval == 0)
    {
        Console.Error.WriteLine($"{seed - first + 1} of {seedCount} clusters, {faultCount} wrong");
    }
}

Console.WriteLine(string.Create(
    CultureInfo.InvariantCulture,
    $"seeds {first} to {first + seedCount - 1}: {count.ClusterCount} clusters, {count.RestartedCount} of them restarted from a checkpoint, "
    + $"{count.DeliveryCount} messages, {faultCount} wrong"));
return faultCount == 0 ? 0 : 1;
