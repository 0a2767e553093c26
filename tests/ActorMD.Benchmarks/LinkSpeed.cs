using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using ActorMD.Actors.Links;
using ActorMD.Actors.Networks;
using ActorMD.Actors.Security;

namespace ActorMD.Benchmarks;

/// <summary>
/// How fast are data connections between two processes of this machine? <c>links [ROUNDS]</c>: plain and TLS, alternated; medians,
/// and the processor time and the bytes allocated on each side.
/// </summary>
internal static class LinkSpeed
{
    private const string Parent = "parent", Child = "child";
    private const long WaitingMax = 64 << 20;

    private static readonly (int Length, int Count)[] Loads = [(1 << 10, 400_000), (256 << 10, 6000), (1 << 20, 2000), (20 << 20, 100)];

    public static int Run(string[] args)
    {
        if (args is ["receive", string port, string folder])
        {
            Receive(int.Parse(port, CultureInfo.InvariantCulture), folder);
            return 0;
        }

        int rounds = args is [string count] ? int.Parse(count, CultureInfo.InvariantCulture) : 3;
        DirectoryInfo certificates = Directory.CreateTempSubdirectory("actormd-link-speed-");
        try
        {
            CertificateFiles.Make(certificates.FullName, TimeSpan.FromDays(1));
            Report(rounds, certificates.FullName);
        }
        finally
        {
            certificates.Delete(recursive: true);
        }

        return 0;
    }

    private static void Report(int rounds, string certificates)
    {
        using Line plain = new("-"), secure = new(certificates);
        Line[] lines = [plain, secure];
        Console.WriteLine("packet      |        |   MB/s | sender ms/MB | receiver ms/MB | allocated per byte: sender, receiver");
        foreach ((int length, int count) in Loads)
        {
            // The first round is for the compiler.
            List<Cost>[] costs = [[], []];
            for (int round = 0; round <= rounds; round++)
            {
                for (int k = 0; k < lines.Length; k++)
                {
                    Cost cost = lines[k].Measure(length, count);
                    if (round > 0)
                    {
                        costs[k].Add(cost);
                    }
                }
            }

            for (int k = 0; k < lines.Length; k++)
            {
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{length,10} | {(k == 0 ? "plain" : "TLS"),-6} | {Median(costs[k], cost => cost.Speed),6:F0} | "
                        + $"{Median(costs[k], cost => cost.SenderTime),12:F2} | {Median(costs[k], cost => cost.ReceiverTime),14:F2} | "
                        + $"{Median(costs[k], cost => cost.SenderBytes),8:F2} {Median(costs[k], cost => cost.ReceiverBytes),8:F2}"));
            }
        }
    }

    private static double Median(List<Cost> costs, Func<Cost, double> value) => costs.Select(value).Order().ElementAt(costs.Count / 2);

    private static DataLinkOptions Options(string self, string certificates) => new()
    {
        Self = self,
        EndPoint = new IPEndPoint(IPAddress.Loopback, 0),
        Certificate = certificates == "-" ? null : Certificate(certificates),
    };

    private static NodeCertificate Certificate(string folder)
    {
        System.Security.Cryptography.X509Certificates.X509Certificate2 certificate =
            CertificateFiles.Read(Path.Combine(folder, CertificateFiles.CertificateName), Path.Combine(folder, CertificateFiles.KeyName));
        return NodeCertificate.Pinned(certificate, [certificate]);
    }

    // Counts bytes until an empty packet comes; the answer is what they have cost here. An empty line of the parent is the end.
    private static void Receive(int port, string certificates)
    {
        Reading start = Reading.Now();
        DataLinks? links = null;
        links = new DataLinks(
            Options(Child, certificates),
            (_, packet) =>
            {
                using ArrivedPacket arrived = packet;
                if (arrived.Bytes.Length == 0)
                {
                    double[] cost = Reading.Now().Since(start);
                    links!.Send(Parent, MemoryMarshal.AsBytes<double>(cost).ToArray());
                    start = Reading.Now();
                }
            },
            Console.Error.WriteLine);
        links.Connect(Parent, "127.0.0.1", port);
        Console.WriteLine(links.Port);
        Console.ReadLine();
        links.Dispose();
    }

    private readonly record struct Cost(double Speed, double SenderTime, double ReceiverTime, double SenderBytes, double ReceiverBytes);

    private readonly record struct Reading(TimeSpan Processor, long Allocated)
    {
        public static Reading Now() => new(Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes());

        public double[] Since(Reading start) => [(Processor - start.Processor).TotalMilliseconds, Allocated - start.Allocated];
    }

    private sealed class Line : IDisposable
    {
        private readonly DataLinks _links;
        private readonly Process _child;
        private readonly SemaphoreSlim _answered = new(0);
        private double[] _answer = [];

        public Line(string certificates)
        {
            _links = new DataLinks(Options(Parent, certificates), (_, packet) => Take(packet), Console.Error.WriteLine);
            string program = Environment.ProcessPath!;
            string[] prefix = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [typeof(LinkSpeed).Assembly.Location] : [];
            _child = Process.Start(
                new ProcessStartInfo(
                    program, [.. prefix, "links", "receive", _links.Port.ToString(CultureInfo.InvariantCulture), certificates])
                {
                    RedirectStandardInput = true,
                    RedirectStandardOutput = true,
                })!;
            _links.Connect(Child, "127.0.0.1", int.Parse(_child.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture));
            Measure(0, 1);
        }

        public Cost Measure(int length, int count)
        {
            byte[] packet = new byte[length];
            Random.Shared.NextBytes(packet);
            int together = Math.Max(1, (1 << 20) / Math.Max(length, 1));
            Reading start = Reading.Now();
            long stamp = Stopwatch.GetTimestamp();
            for (int k = 0; k < count; k++)
            {
                while (k % together == 0 && _links.QueueLength > WaitingMax)
                {
                    Thread.Sleep(1);
                }

                _links.Send(Child, packet);
            }

            if (length > 0)
            {
                _links.Send(Child, default);
            }

            _answered.Wait();
            double time = Stopwatch.GetElapsedTime(stamp).TotalSeconds;
            double[] cost = Reading.Now().Since(start);
            double bytes = Math.Max(1, (double)length * count);
            return new Cost(bytes / 1e6 / time, cost[0] / bytes * 1e6, _answer[0] / bytes * 1e6, cost[1] / bytes, _answer[1] / bytes);
        }

        public void Dispose()
        {
            _child.StandardInput.WriteLine();
            _child.WaitForExit();
            _child.Dispose();
            _links.Dispose();
        }

        private void Take(ArrivedPacket packet)
        {
            using ArrivedPacket arrived = packet;
            _answer = MemoryMarshal.Cast<byte, double>(arrived.Bytes.Span).ToArray();
            _answered.Release();
        }
    }
}
