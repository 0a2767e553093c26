namespace ActorMD.Physics;

/// <summary>Three integers: image counts, one per axis.</summary>
public readonly record struct Int3(int X, int Y, int Z)
{
    public static readonly Int3 Zero;

    public static Int3 operator +(Int3 a, Int3 b) => new(a.X + b.X, a.Y + b.Y, a.Z + b.Z);

    public static Int3 operator -(Int3 a, Int3 b) => new(a.X - b.X, a.Y - b.Y, a.Z - b.Z);

    public int this[int axis] => axis switch { 0 => X, 1 => Y, _ => Z };
}
