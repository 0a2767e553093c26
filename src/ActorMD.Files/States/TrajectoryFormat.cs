namespace ActorMD.Files.States;

/// <summary>How frames of particles are written.</summary>
public enum TrajectoryFormat
{
    ExtXyz,
    Lammps,
    Csv,
}
