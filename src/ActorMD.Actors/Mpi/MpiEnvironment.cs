using System.Globalization;

namespace ActorMD.Actors.Mpi;

/// <summary>What the launcher of this process (mpirun, srun) tells it by environment variables.</summary>
public static class MpiEnvironment
{
    /// <summary>Set by <c>actormd launch</c> for its ranks: a signal to end then means that the job is being given up.</summary>
    public const string LaunchedVariable = "ACTORMD_LAUNCHED";

    /// <summary>Whether <c>actormd launch</c> has started this process.</summary>
    public static bool IsLaunched => Environment.GetEnvironmentVariable(LaunchedVariable) == "1";

    /// <summary>Whether the launcher is one of MPICH's kind; Open MPI sets variables of both kinds.</summary>
    public static bool IsMpich =>
        Environment.GetEnvironmentVariable("OMPI_COMM_WORLD_SIZE") is null && Environment.GetEnvironmentVariable("PMIX_RANK") is null
        && Environment.GetEnvironmentVariable("PMI_RANK") is not null;

    /// <summary>Number of this process in its job and how many there are, as the launcher says; null: it says nothing.</summary>
    public static (int Rank, int Count)? Place
    {
        get
        {
            (string, string)[] names =
                [("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"), ("PMI_RANK", "PMI_SIZE"), ("SLURM_PROCID", "SLURM_NTASKS")];
            foreach ((string rank, string count) in names)
            {
                if (int.TryParse(Environment.GetEnvironmentVariable(rank), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
                    && int.TryParse(Environment.GetEnvironmentVariable(count), NumberStyles.None, CultureInfo.InvariantCulture, out int all)
                    && number < all)
                {
                    return (number, all);
                }
            }

            return null;
        }
    }

    /// <summary>Ranks on this machine, as far as the launcher says; at least 1.</summary>
    public static int LocalRankCount
    {
        get
        {
            foreach (string name in (string[])["OMPI_COMM_WORLD_LOCAL_SIZE", "MPI_LOCALNRANKS", "SLURM_NTASKS_PER_NODE"])
            {
                if (int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out int count)
                    && count > 0)
                {
                    return count;
                }
            }

            return 1;
        }
    }
}
