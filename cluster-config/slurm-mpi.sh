#!/usr/bin/env bash
# A run on a cluster with Slurm and Open MPI: sbatch cluster-config/slurm-mpi.sh CASE.yaml [options of run]
# Adapt the numbers. One rank a core, one domain a rank; --domains may ask for another split.
#SBATCH --job-name=actormd
#SBATCH --nodes=4
#SBATCH --ntasks-per-node=16
#SBATCH --cpus-per-task=1
#SBATCH --time=24:00:00
# Slurm asks the job to stop two minutes before its time is over; launch writes a checkpoint then.
#SBATCH --signal=B:TERM@120
# A job that lost a machine is queued again and goes on from its checkpoint.
#SBATCH --requeue
#SBATCH --open-mode=append
set -euo pipefail
actormd="${ACTORMD:-$SLURM_SUBMIT_DIR/scripts/actormd}"

# launch starts the ranks with mpirun, which knows the machines of the job from Slurm; --resume goes on where a requeued job stood.
"$actormd" launch -n "$SLURM_NTASKS" --runtime mpi -- run "$@" --resume &
launch=$!
trap 'kill -TERM "$launch"' TERM
status=0
wait "$launch" || status=$?
# A signal ends the first wait; this one has the exit code.
wait "$launch" || status=$?
exit "$status"
