using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using ActorMD.Actors.Networks;
using ActorMD.Protocol.Nodes;
using Akka.Actor;

namespace ActorMD.Actors.Mpi;

/// <summary>
/// Nodes are the ranks of an MPI job. None comes or goes: when a rank dies, the launcher ends the job, and the run is resumed from
/// its checkpoint by another one.
/// </summary>
/// <remarks>
/// One thread of its own calls MPI, and those that send do, one at a time. Most libraries make progress only inside their calls, so
/// the thread must come back often; but a thread that polls without pause would take a core from the domains. So it polls at
/// once as long as something happens, then yields a few times, then sleeps: each time for a small part of the time for which nothing has
/// happened, so that a message waits for a small part of the time that it was waited for.
/// </remarks>
public sealed unsafe partial class MpiNetwork : INodeNetwork
{
    private const int Tag = 77;
    private const int StatusWords = 16;
    private const int YieldCountMax = 20;
    private const double SleepShare = 1.0 / 64; // of the time for which nothing has happened
    private const uint SleepMicrosecondsMin = 20;
    private const uint SleepMicrosecondsMax = 1000;
    private static readonly TimeSpan FarewellTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan HurryTime = TimeSpan.FromSeconds(2);
    private static readonly Task Never = new TaskCompletionSource().Task;

    private readonly MpiLibrary _mpi;
    private readonly object _gate = new();
    private readonly List<Sending> _sending = [];
    private readonly List<Receiving> _receiving = [];
    private readonly TaskCompletionSource _begun = new();
    private readonly TaskCompletionSource<IActorRef> _node = new();
    private readonly Thread _thread;
    private readonly ManualResetEventSlim _served = new(); // no message is on its way to or from here any more
    private volatile bool _isEnding;
    private bool _hasLeft;
    private TimeSpan _leaveTime = Timeout.InfiniteTimeSpan;

    private MpiNetwork(MpiLibrary mpi, int? workers)
    {
        _mpi = mpi;
        Workers = workers ?? Math.Max(1, Environment.ProcessorCount / MpiEnvironment.LocalRankCount);
        System = HostConfig.StartLocal(Workers);
        _thread = new Thread(Run) { IsBackground = true, Name = "mpi" };
        _thread.Start();
        _begun.Task.GetAwaiter().GetResult();
    }

    /// <inheritdoc/>
    public string Runtime => "mpi";

    /// <summary>Number of this process in the job; rank 0 has the coordinator.</summary>
    public int Rank { get; private set; }

    /// <summary>Processes of the job.</summary>
    public int Size { get; private set; }

    /// <inheritdoc/>
    public int NodeCount => Size;

    /// <inheritdoc/>
    public Task Leading => Rank == 0 ? Task.CompletedTask : Never;

    /// <inheritdoc/>
    public bool CanLeave => false;

    /// <inheritdoc/>
    public NodeId Self => NodeOf(Rank);

    /// <summary>Nothing is lost while all ranks live.</summary>
    public TimeSpan ReminderInterval => TimeSpan.FromSeconds(30);

    /// <summary>Threads for the domains of this rank.</summary>
    public int Workers { get; }

    /// <inheritdoc/>
    public ActorSystem System { get; }

    /// <inheritdoc/>
    public Props Gateway(IActorRef node) => Props.Create(() => new MpiGateway(this, node));

    /// <summary>Whether there is an MPI library on this machine.</summary>
    public static bool IsAvailable => MpiLibrary.TryLoad() is not null;

    /// <summary>Joins the job that this process was started for; without a launcher it is a job of its own.</summary>
    /// <param name="workers">Threads for the domains of this rank; null: the cores of its machine are shared by the ranks there.</param>
    /// <exception cref="ClusterException">There is no MPI library, or it does not start.</exception>
    public static MpiNetwork Join(int? workers = null) => new(MpiLibrary.TryLoad() ?? throw ClusterException.NoMpi(MpiLibrary.PathVariable), workers);

    /// <summary>From now on messages are received: the node is told, beginning with all ranks.</summary>
    internal void Attach(IActorRef node) => _node.TrySetResult(node);

    /// <summary>Sends a packet to another rank; does not wait for it. May be called by several threads at once.</summary>
    internal void Send(NodeId to, ReadOnlyMemory<byte> packet)
    {
        int rank = int.Parse(to.Name.AsSpan(4), NumberStyles.None, CultureInfo.InvariantCulture);
        Sending sending = new(packet.Pin());
        lock (_gate)
        {
            if (_hasLeft)
            {
                sending.Handle.Dispose();
                return;
            }

            nint request = 0;
            Check(_mpi.Isend(sending.Handle.Pointer, packet.Length, _mpi.Byte, rank, Tag, _mpi.CommWorld, &request));
            sending.Request = request;
            _sending.Add(sending);
        }
    }

    /// <summary>Waits until everything is sent, then leaves the job together with all other ranks.</summary>
    public void Dispose()
    {
        System.Terminate().Wait();
        _isEnding = true;
        _node.TrySetResult(ActorRefs.Nobody);
        // A rank that ends before another has taken a long message from its memory makes MPI complain there.
        _served.Wait(FarewellTime + HurryTime);
        _thread.Join(_leaveTime);
    }

    /// <summary>An mpirun that ends the job because of a signal answers no more, and MPI would wait for it until it kills the ranks.</summary>
    public void Hurry() => _leaveTime = HurryTime;

    private static NodeId NodeOf(int rank) => new(FormattableString.Invariant($"rank{rank}"));

    private static void Check(int code)
    {
        if (code != 0)
        {
            throw ClusterException.Mpi(code);
        }
    }

    [LibraryImport("libc", EntryPoint = "usleep")]
    private static partial int Sleep(uint microseconds);

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);

    // The library's own settings, where the user has none. It reads the process's environment, which .NET only copies.
    private static void Prepare()
    {
        // The runtime of .NET needs the signals for which Open MPI would print a stack: SIGSEGV is how it finds null references.
        SetEnvironment("OMPI_MCA_opal_signal", "", 0);
        SetEnvironment("OMPI_MCA_mpi_yield_when_idle", "1", 0);
        // How often calls look at TCP connections, microseconds. The default of 10 000 made messages across machines ten times slower.
        SetEnvironment("OMPI_MCA_mpi_event_tick_rate", "50", 0);
    }

    private void Run()
    {
        try
        {
            Begin();
        }
        catch (Exception error)
        {
            _served.Set();
            _begun.SetException(error);
            return;
        }

        _begun.SetResult();
        IActorRef node = _node.Task.Result;
        try
        {
            for (int rank = 0; rank < Size; rank++)
            {
                node.Tell(new NodeEvent.Up(NodeOf(rank)));
            }

            Serve(node);
            lock (_gate)
            {
                _hasLeft = true;
            }

            _served.Set();
            Check(_mpi.Finalize());
        }
        catch (Exception error)
        {
            _served.Set();
            node.Tell(new NodeEvent.Ended(error));
        }
    }

    private void Begin()
    {
        Prepare();
        int provided, rank, size;
        Check(_mpi.InitThread(null, null, MpiLibrary.ThreadSerialized, &provided));
        if (provided < MpiLibrary.ThreadSerialized)
        {
            throw ClusterException.MpiThreads();
        }

        Check(_mpi.CommSetErrhandler(_mpi.CommWorld, _mpi.ErrorsReturn));
        Check(_mpi.CommRank(_mpi.CommWorld, &rank));
        Check(_mpi.CommSize(_mpi.CommWorld, &size));
        (Rank, Size) = (rank, size);
    }

    private void Serve(IActorRef node)
    {
        int idleCount = 0;
        long happened = Stopwatch.GetTimestamp();
        long? endingSince = null;
        while (true)
        {
            bool hasHappened, isWaiting;
            lock (_gate)
            {
                hasHappened = Accept() | Receive(node) | FinishSending();
                isWaiting = _sending.Count + _receiving.Count > 0;
            }

            if (_isEnding)
            {
                endingSince ??= Stopwatch.GetTimestamp();
                if (!isWaiting || Stopwatch.GetElapsedTime(endingSince.Value) > FarewellTime)
                {
                    return;
                }
            }

            if (hasHappened)
            {
                idleCount = 0;
                happened = Stopwatch.GetTimestamp();
            }
            else if (++idleCount < YieldCountMax)
            {
                Thread.Yield();
            }
            else
            {
                double idle = isWaiting ? 0 : Stopwatch.GetElapsedTime(happened).TotalMicroseconds;
                Sleep((uint)Math.Clamp(SleepShare * idle, SleepMicrosecondsMin, SleepMicrosecondsMax));
            }
        }
    }

    // Takes on every message that is announced.
    private bool Accept()
    {
        bool hasHappened = false;
        int* status = stackalloc int[StatusWords];
        while (true)
        {
            int flag;
            nint message = 0;
            Check(_mpi.Improbe(_mpi.AnySource, Tag, _mpi.CommWorld, &flag, &message, status));
            if (flag == 0)
            {
                return hasHappened;
            }

            int length;
            Check(_mpi.GetCount(status, _mpi.Byte, &length));
            hasHappened = true;
            byte[] bytes = ArrivedPacket.Rent(length);
            Receiving receiving = new(NodeOf(status[_mpi.StatusSourceIndex]), bytes, length, bytes.AsMemory().Pin());
            nint request = 0;
            Check(_mpi.Imrecv(receiving.Handle.Pointer, length, _mpi.Byte, &message, &request));
            receiving.Request = request;
            _receiving.Add(receiving);
        }
    }

    // A short message may overtake a long one on its last yards: one sender's are handed over in the order of their announcement.
    private bool Receive(IActorRef node)
    {
        bool hasHappened = false;
        for (int k = 0; k < _receiving.Count; k++)
        {
            Receiving receiving = _receiving[k];
            if (!receiving.IsComplete && IsDone(ref receiving.Request))
            {
                receiving.IsComplete = true;
                receiving.Handle.Dispose();
            }

            if (receiving.IsComplete && !IsEarlierOpen(receiving.From, k))
            {
                node.Tell(new NodeEvent.Arrived(receiving.From, ArrivedPacket.In(receiving.Bytes, receiving.Length)));
                _receiving.RemoveAt(k--);
                hasHappened = true;
            }
        }

        return hasHappened;
    }

    private bool IsEarlierOpen(NodeId from, int index)
    {
        for (int k = 0; k < index; k++)
        {
            if (_receiving[k].From == from)
            {
                return true;
            }
        }

        return false;
    }

    private bool FinishSending()
    {
        int before = _sending.Count;
        for (int k = before - 1; k >= 0; k--)
        {
            Sending sending = _sending[k];
            if (IsDone(ref sending.Request))
            {
                sending.Handle.Dispose();
                _sending.RemoveAt(k);
            }
        }

        return _sending.Count != before;
    }

    private bool IsDone(ref nint request)
    {
        int flag;
        int* status = stackalloc int[StatusWords];
        nint handle = request;
        Check(_mpi.Test(&handle, &flag, status));
        request = handle;
        return flag != 0;
    }

    private sealed class Sending(MemoryHandle handle)
    {
        public nint Request;

        public MemoryHandle Handle { get; } = handle;
    }

    private sealed class Receiving(NodeId from, byte[] bytes, int length, MemoryHandle handle)
    {
        public nint Request;

        public NodeId From { get; } = from;

        /// <summary>Of <see cref="ArrivedPacket.Rent"/>.</summary>
        public byte[] Bytes { get; } = bytes;

        public int Length { get; } = length;

        public MemoryHandle Handle { get; } = handle;

        public bool IsComplete { get; set; }
    }
}
