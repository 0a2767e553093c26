using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using ActorMD.Fuzz;

// Arguments: [--target NAME]... [--first SEED] [--count N] [--workers N] [--show]. See scripts/fuzz.
const int FaultsShown = 5;
long first = 1, seedCount = 100_000;
int workers = Environment.ProcessorCount;
bool isShown = false;
List<string> names = [];
for (int k = 0; k < args.Length; k++)
{
    switch (args[k])
    {
        case "--target" when k + 1 < args.Length && Campaign.Targets.Any(target => target.Name == args[k + 1]):
            names.Add(args[++k]);
            break;
        case "--first" when k + 1 < args.Length && long.TryParse(args[k + 1], CultureInfo.InvariantCulture, out first):
            k++;
            break;
        case "--count" when k + 1 < args.Length && long.TryParse(args[k + 1], CultureInfo.InvariantCulture, out seedCount):
            k++;
            break;
        case "--workers" when k + 1 < args.Length && int.TryParse(args[k + 1], CultureInfo.InvariantCulture, out workers) && workers > 0:
            k++;
            break;
        case "--show":
            isShown = true;
            break;
        default:
            Console.Error.WriteLine(
                $"unknown or incomplete option {args[k]}; usage: scripts/fuzz [--target NAME]... [--first SEED] [--count N] "
                + $"[--workers N] [--show]\n"
                + $"targets: {string.Join(' ', Campaign.Targets.Select(target => target.Name))}");
            return 2;
    }
}

FuzzTarget[] targets = [.. Campaign.Targets.Where(target => names.Count == 0 || names.Contains(target.Name))];
if (isShown)
{
    using Stream output = Console.OpenStandardOutput();
    output.Write(Campaign.Input(targets[0], first));
    return 0;
}

Stopwatch watch = Stopwatch.StartNew();
ConcurrentQueue<FuzzTarget> waiting = new(targets);
long total = 0, faultCount = 0;
Thread[] threads = [.. Enumerable.Range(0, workers).Select(_ => new Thread(() =>
{
    while (waiting.TryDequeue(out FuzzTarget? target))
    {
        long start = Stopwatch.GetTimestamp();
        FuzzCount count = Campaign.Run(target, first, seedCount, TimeSpan.FromSeconds(60));
        Interlocked.Add(ref total, seedCount);
        Interlocked.Add(ref faultCount, count.Faults.Count);
        lock (waiting)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{target.Name,-12} {seedCount,9} inputs {count.Accepted,9} accepted {count.Refused,9} refused {count.Faults.Count,6} "
                    + $"wrong {Stopwatch.GetElapsedTime(start).TotalSeconds,6:F0} s"));
            foreach (string fault in count.Faults.Take(FaultsShown))
            {
                Console.WriteLine(fault);
            }
        }
    }
}))];
Array.ForEach(threads, thread => thread.Start());
Array.ForEach(threads, thread => thread.Join());
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{total} inputs, {faultCount} wrong, {watch.Elapsed.TotalSeconds:F0} s"));
return faultCount == 0 ? 0 : 1;
