using System.Globalization;
using ActorMD.Simulation;
using ActorMD.Simulation.Processes;

// Arguments: [--first SEED] [--seeds COUNT] [--processes | --parting] [--plant NAME] [--trace]. See scripts/simulate.
ulong first = 1, seedCount = 100;
bool isTraced = false, isOfProcesses = false, isParting = false;
Plant plant = Plant.None;
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
        case "--processes":
            isOfProcesses = true;
            break;
        case "--parting":
            isOfProcesses = isParting = true;
            break;
        case "--plant" when k + 1 < args.Length && Enum.TryParse(args[k + 1], out plant):
            isOfProcesses |= plant.IsOfProcesses();
            k++;
            break;
        default:
            Console.Error.WriteLine(
                $"unknown or incomplete option {args[k]}; usage: scripts/simulate [--first SEED] [--seeds COUNT] [--processes | --parting] "
                    + "[--plant NAME] [--trace]");
            return 2;
    }
}

CampaignCount count = new();
ProcessCount processes = new();
int faultCount = 0;
for (ulong seed = first; seed < first + seedCount; seed++)
{
    TextWriter? trace = isTraced ? Console.Out : null;
    string? fault = isParting ? ProcessCampaign.PartingFault(seed, processes, plant, trace)
        : isOfProcesses ? ProcessCampaign.Fault(seed, processes, plant, trace)
        : Campaign.Fault(seed, count, plant, trace);
    if (fault is not null)
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

string story = isOfProcesses
    ? processes.ToString()
    : FormattableString.Invariant(
        $"{count.ClusterCount} clusters, {count.SharingCount} of them sharing time slices, {count.RestartedCount} restarted from a checkpoint, {count.DeliveryCount} messages");
Console.WriteLine(FormattableString.Invariant($"seeds {first} to {first + seedCount - 1}: {story}, {faultCount} wrong"));
return faultCount == 0 ? 0 : 1;
