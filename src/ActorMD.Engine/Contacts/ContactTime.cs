using System.Runtime.CompilerServices;
using ActorMD.Engine.Particles;
using ActorMD.Physics.Laws;

namespace ActorMD.Engine.Contacts;

/// <summary><see cref="PairEvent.Time"/> on the engine's records: the same operations in the same order.</summary>
internal static unsafe class ContactTime
{
    /// <summary>Time of contact of two free flights; +infinity if they miss.</summary>
    /// <param name="a">One particle.</param>
    /// <param name="b">The other.</param>
    /// <param name="shiftX">Whole box lengths to be added to b's position.</param>
    /// <param name="shiftY">Along y.</param>
    /// <param name="shiftZ">Along z.</param>
    /// <param name="sizes">Contact distances.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Between<TSizes>(Particle* a, Particle* b, double shiftX, double shiftY, double shiftZ, in TSizes sizes)
        where TSizes : struct, IContactDistances<TSizes>
    {
        double reference = Math.Max(a->Time, b->Time);
        double sinceA = reference - a->Time, sinceB = reference - b->Time;
        double x = b->X + b->VX * sinceB - (a->X + a->VX * sinceA) + shiftX;
        double y = b->Y + b->VY * sinceB - (a->Y + a->VY * sinceA) + shiftY;
        double z = b->Z + b->VZ * sinceB - (a->Z + a->VZ * sinceA) + shiftZ;
        double u = b->VX - a->VX, v = b->VY - a->VY, w = b->VZ - a->VZ;
        double approach = x * u + y * v + z * w;
        if (!(approach < 0))
        {
            return double.PositiveInfinity;
        }

        double squared = sizes.Squared(a->Kind, b->Kind);
        double cx = y * w - z * v, cy = z * u - x * w, cz = x * v - y * u;
        double discriminant = (u * u + v * v + w * w) * squared - (cx * cx + cy * cy + cz * cz);
        if (!(discriminant > 0))
        {
            return double.PositiveInfinity;
        }

        double gap = x * x + y * y + z * z - squared;
        return reference + Math.Max(gap / (Math.Sqrt(discriminant) - approach), 0.0);
    }
}
