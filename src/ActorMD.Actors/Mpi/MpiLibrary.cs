using System.Runtime.InteropServices;

namespace ActorMD.Actors.Mpi;

/// <summary>
/// The few functions of the system's MPI library that the transport needs, found when they are first wanted: Open MPI, or MPICH
/// and what shares its binary interface (Intel MPI, MVAPICH, Cray).
/// </summary>
/// <remarks>
/// The two differ in what a handle is (an address in Open MPI, a number of 32 bits in MPICH) and in the layout of a status. A handle
/// is kept in 64 bits here: MPICH reads the lower half of a register, and writes the lower half of a place that was zero.
/// </remarks>
internal sealed unsafe class MpiLibrary
{
    /// <summary>Calls may come from any thread, one at a time.</summary>
    public const int ThreadSerialized = 2;

    /// <summary>Points to a library, for systems where none of the usual names works.</summary>
    public const string PathVariable = "ACTORMD_MPI_LIBRARY";

    private static readonly string[] OpenMpiNames = ["libmpi.so.40", "libmpi.so.20", "libmpi.so.12.openmpi", "libmpi.40.dylib"];
    private static readonly string[] MpichNames = ["libmpich.so.12", "libmpi.so.12", "libmpi.12.dylib"];

    public readonly delegate* unmanaged<int*, byte***, int, int*, int> InitThread;
    public readonly delegate* unmanaged<int> Finalize;
    public readonly delegate* unmanaged<nint, int*, int> CommRank;
    public readonly delegate* unmanaged<nint, int*, int> CommSize;
    public readonly delegate* unmanaged<nint, nint, int> CommSetErrhandler;
    public readonly delegate* unmanaged<void*, int, nint, int, int, nint, nint*, int> Isend;
    public readonly delegate* unmanaged<int, int, nint, int*, nint*, int*, int> Improbe;
    public readonly delegate* unmanaged<void*, int, nint, nint*, nint*, int> Imrecv;
    public readonly delegate* unmanaged<nint*, int*, int*, int> Test;
    public readonly delegate* unmanaged<int*, nint, int*, int> GetCount;

    private MpiLibrary(nint library)
    {
        InitThread = (delegate* unmanaged<int*, byte***, int, int*, int>)NativeLibrary.GetExport(library, "MPI_Init_thread");
        Finalize = (delegate* unmanaged<int>)NativeLibrary.GetExport(library, "MPI_Finalize");
        CommRank = (delegate* unmanaged<nint, int*, int>)NativeLibrary.GetExport(library, "MPI_Comm_rank");
        CommSize = (delegate* unmanaged<nint, int*, int>)NativeLibrary.GetExport(library, "MPI_Comm_size");
        CommSetErrhandler = (delegate* unmanaged<nint, nint, int>)NativeLibrary.GetExport(library, "MPI_Comm_set_errhandler");
        Isend = (delegate* unmanaged<void*, int, nint, int, int, nint, nint*, int>)NativeLibrary.GetExport(library, "MPI_Isend");
        Improbe = (delegate* unmanaged<int, int, nint, int*, nint*, int*, int>)NativeLibrary.GetExport(library, "MPI_Improbe");
        Imrecv = (delegate* unmanaged<void*, int, nint, nint*, nint*, int>)NativeLibrary.GetExport(library, "MPI_Imrecv");
        Test = (delegate* unmanaged<nint*, int*, int*, int>)NativeLibrary.GetExport(library, "MPI_Test");
        GetCount = (delegate* unmanaged<int*, nint, int*, int>)NativeLibrary.GetExport(library, "MPI_Get_count");
        if (NativeLibrary.TryGetExport(library, "ompi_mpi_comm_world", out nint world))
        {
            // mpi.h of Open MPI: MPI_COMM_WORLD is the address of ompi_mpi_comm_world; MPI_SOURCE is the first field of a status.
            CommWorld = world;
            Byte = NativeLibrary.GetExport(library, "ompi_mpi_byte");
            ErrorsReturn = NativeLibrary.GetExport(library, "ompi_mpi_errors_return");
            AnySource = -1;
            StatusSourceIndex = 0;
        }
        else
        {
            // mpi.h of MPICH, frozen by its ABI initiative: https://www.mpich.org/abi/
            CommWorld = 0x44000000;
            Byte = 0x4c00010d;
            ErrorsReturn = 0x54000001;
            AnySource = -2;
            StatusSourceIndex = 2;
        }
    }

    public nint CommWorld { get; }

    public nint Byte { get; }

    public nint ErrorsReturn { get; }

    public int AnySource { get; }

    /// <summary>Place of the sender in a status, in units of 32 bits.</summary>
    public int StatusSourceIndex { get; }

    /// <summary>Loads the library of the launcher that has started this process; of any launcher if it was none.</summary>
    public static MpiLibrary? TryLoad()
    {
        string[] names = MpiEnvironment.IsMpich ? [.. MpichNames, .. OpenMpiNames] : [.. OpenMpiNames, .. MpichNames];
        if (Environment.GetEnvironmentVariable(PathVariable) is { Length: > 0 } path)
        {
            names = [path];
        }

        foreach (string name in names)
        {
            // MPI_Improbe came with MPI 3; older libraries are passed over.
            if (NativeLibrary.TryLoad(name, out nint library) && NativeLibrary.TryGetExport(library, "MPI_Improbe", out _))
            {
                return new MpiLibrary(library);
            }
        }

        return null;
    }
}
