using System.Numerics;
using Sepal.Graphs;

namespace Sepal.Kernels.Elementwise;

/// <summary>
/// Converts between all element types, a short stretch at a time: into <c>double</c>, which holds every smaller floating-point
/// number, or into 64-bit integers, and from there into the type that is asked for.
/// </summary>
internal static unsafe class CastKernel
{
    private const int Stretch = 256;

    /// <summary>Converts a number of elements.</summary>
    /// <param name="source">The elements.</param>
    /// <param name="from">What they are.</param>
    /// <param name="destination">Where they go.</param>
    /// <param name="to">What they become.</param>
    /// <param name="count">How many there are.</param>
    public static void Run(byte* source, ElementType from, byte* destination, ElementType to, long count)
    {
        int sourceBytes = from.ByteSize();
        int destinationBytes = to.ByteSize();
        double* wide = stackalloc double[Stretch];
        for (long done = 0; done < count; done += Stretch)
        {
            int length = (int)Math.Min(Stretch, count - done);
            byte* next = destination + (done * destinationBytes);
            if (from.IsFloatingPoint())
            {
                ReadNumbers(source + (done * sourceBytes), from, wide, length);
                WriteNumbers(wide, next, to, length);
            }
            else
            {
                ReadIntegers(source + (done * sourceBytes), from, (long*)wide, length);
                if (from == ElementType.UInt64)
                {
                    Write((ulong*)wide, next, to, length);
                }
                else
                {
                    Write((long*)wide, next, to, length);
                }
            }
        }
    }

    private static void ReadNumbers(byte* source, ElementType from, double* wide, int length)
    {
        switch (from)
        {
            case ElementType.Float64:
                Convert((double*)source, wide, length);
                break;
            case ElementType.Float16:
                Convert((Half*)source, wide, length);
                break;
            case ElementType.BFloat16:
                for (int i = 0; i < length; i++)
                {
                    wide[i] = BFloat16.ToSingle(((ushort*)source)[i]);
                }

                break;
            default:
                Convert((float*)source, wide, length);
                break;
        }
    }

    private static void ReadIntegers(byte* source, ElementType from, long* wide, int length)
    {
        switch (from)
        {
            case ElementType.Int64 or ElementType.UInt64:
                Convert((long*)source, wide, length);
                break;
            case ElementType.Int32:
                Convert((int*)source, wide, length);
                break;
            case ElementType.Int16:
                Convert((short*)source, wide, length);
                break;
            case ElementType.Int8:
                Convert((sbyte*)source, wide, length);
                break;
            case ElementType.UInt32:
                Convert((uint*)source, wide, length);
                break;
            case ElementType.UInt16:
                Convert((ushort*)source, wide, length);
                break;
            case ElementType.Boolean:
                for (int i = 0; i < length; i++)
                {
                    wide[i] = source[i] != 0 ? 1 : 0;
                }

                break;
            default:
                Convert(source, wide, length);
                break;
        }
    }

    private static void WriteNumbers(double* wide, byte* destination, ElementType to, int length)
    {
        if (to is ElementType.Boolean || to.IsFloatingPoint())
        {
            Write(wide, destination, to, length);
            return;
        }

        // Through 64 bits, which saturate; the upper bits are then left out.
        for (int i = 0; i < length; i++)
        {
            double number = Math.Truncate(wide[i]);
            ((long*)wide)[i] = to == ElementType.UInt64 && number > 0
                ? (long)ulong.CreateSaturating(number)
                : long.CreateSaturating(number);
        }

        Write((long*)wide, destination, to, length);
    }

    private static void Write<T>(T* wide, byte* destination, ElementType to, int length)
        where T : unmanaged, INumberBase<T>
    {
        switch (to)
        {
            case ElementType.Float32:
                Convert(wide, (float*)destination, length);
                break;
            case ElementType.Float64:
                Convert(wide, (double*)destination, length);
                break;
            case ElementType.Float16:
                Convert(wide, (Half*)destination, length);
                break;
            case ElementType.BFloat16:
                for (int i = 0; i < length; i++)
                {
                    ((ushort*)destination)[i] = BFloat16.FromSingle(float.CreateTruncating(wide[i]));
                }

                break;
            case ElementType.Boolean:
                for (int i = 0; i < length; i++)
                {
                    destination[i] = T.IsZero(wide[i]) ? (byte)0 : (byte)1;
                }

                break;
            case ElementType.Int64:
                Convert(wide, (long*)destination, length);
                break;
            case ElementType.Int32:
                Convert(wide, (int*)destination, length);
                break;
            case ElementType.Int16:
                Convert(wide, (short*)destination, length);
                break;
            case ElementType.Int8:
                Convert(wide, (sbyte*)destination, length);
                break;
            case ElementType.UInt64:
                Convert(wide, (ulong*)destination, length);
                break;
            case ElementType.UInt32:
                Convert(wide, (uint*)destination, length);
                break;
            case ElementType.UInt16:
                Convert(wide, (ushort*)destination, length);
                break;
            default:
                Convert(wide, destination, length);
                break;
        }
    }

    private static void Convert<TFrom, TTo>(TFrom* source, TTo* destination, int length)
        where TFrom : unmanaged, INumberBase<TFrom>
        where TTo : unmanaged, INumberBase<TTo>
    {
        for (int i = 0; i < length; i++)
        {
            destination[i] = TTo.CreateTruncating(source[i]);
        }
    }
}
