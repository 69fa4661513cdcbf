//! Forms of instructions, as other assemblers write them.

use super::super::asm::{Asm, Code, Rm};

/// An opcode, and whether it is of 256 bits.
type Opcode = (Code, bool);

/// With the prefix 66: map, W, opcode.
fn ymm(map: u8, w: u8, opcode: u8) -> Opcode {
    (Code(map, 1, w, opcode), true)
}

fn xmm(map: u8, w: u8, opcode: u8) -> Opcode {
    (Code(map, 1, w, opcode), false)
}

/// Without a prefix, of 256 bits.
fn float(opcode: u8) -> Opcode {
    (Code(1, 0, 0, opcode), true)
}

/// The operands in the fields `reg` and `vvvv`, in `rm`, and the immediate.
fn encoded((code, long): Opcode, [reg, v]: [u8; 2], rm: Rm, imm: Option<u8>) -> String {
    let mut asm = Asm::default();
    asm.vex(code, long, reg, v, rm, imm);
    asm.bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Low and high registers in every place, memory in every form, immediates, both lengths; what
/// stands behind each is what LLVM's assembler makes of it, with distances of 32 bits.
#[test]
fn instructions_of_vectors_have_the_bytes_that_others_give_them() {
    use Rm::{Indexed, Mem, Reg};
    let forms = [
        ("vpaddd ymm0, ymm1, ymm2", ymm(1, 0, 0xfe), [0, 1], Reg(2), None, "c5f5fec2"),
        ("vpaddd ymm8, ymm9, ymm7", ymm(1, 0, 0xfe), [8, 9], Reg(7), None, "c535fec7"),
        ("vpaddd ymm8, ymm9, ymm14", ymm(1, 0, 0xfe), [8, 9], Reg(14), None, "c44135fec6"),
        (
            "vpaddd ymm3, ymm12, [rdi + 4096]",
            ymm(1, 0, 0xfe),
            [3, 12],
            Mem(7, 4096),
            None,
            "c59dfe9f00100000",
        ),
        ("vmovdqa ymm11, [rdi - 32]", ymm(1, 0, 0x6f), [11, 0], Mem(7, -32), None, "c57d6f5fe0"),
        (
            "vmovdqa [rdi + 4096], ymm5",
            ymm(1, 0, 0x7f),
            [5, 0],
            Mem(7, 4096),
            None,
            "c5fd7faf00100000",
        ),
        ("vmovdqa ymm1, [r12]", ymm(1, 0, 0x6f), [1, 0], Mem(12, 0), None, "c4c17d6f4c2400"),
        (
            "vmovdqa ymm15, [r9 + 4 r10 + 8]",
            ymm(1, 0, 0x6f),
            [15, 0],
            Indexed(9, 10, 4, 8),
            None,
            "c4017d6f7c9108",
        ),
        (
            "vpblendvb ymm4, ymm10, ymm2, ymm13",
            ymm(3, 0, 0x4c),
            [4, 10],
            Reg(2),
            Some(13 << 4),
            "c4e32d4ce2d0",
        ),
        ("vpermq ymm6, ymm9, 0xd8", ymm(3, 1, 0x00), [6, 0], Reg(9), Some(0xd8), "c4c3fd00f1d8"),
        ("vpermd ymm2, ymm15, ymm3", ymm(2, 0, 0x36), [2, 15], Reg(3), None, "c4e20536d3"),
        ("vpsrlvq ymm7, ymm8, ymm1", ymm(2, 1, 0x45), [7, 8], Reg(1), None, "c4e2bd45f9"),
        ("vpslld ymm14, ymm9, 5", ymm(1, 0, 0x72), [6, 14], Reg(9), Some(5), "c4c10d72f105"),
        ("vpsrlq ymm1, ymm0, 63", ymm(1, 0, 0x73), [2, 1], Reg(0), Some(63), "c5f573d03f"),
        (
            "vextracti128 xmm15, ymm13, 1",
            ymm(3, 0, 0x39),
            [13, 0],
            Reg(15),
            Some(1),
            "c4437d39ef01",
        ),
        ("vmovd xmm15, r14d", xmm(1, 0, 0x6e), [15, 0], Reg(14), None, "c441796efe"),
        ("vmovd eax, xmm3", xmm(1, 0, 0x7e), [3, 0], Reg(0), None, "c5f97ed8"),
        ("vmovq r11, xmm9", xmm(1, 1, 0x7e), [9, 0], Reg(11), None, "c441f97ecb"),
        ("vpextrd r10d, xmm8, 3", xmm(3, 0, 0x16), [8, 0], Reg(10), Some(3), "c4437916c203"),
        ("vpextrq rcx, xmm2, 1", xmm(3, 1, 0x16), [2, 0], Reg(1), Some(1), "c4e3f916d101"),
        ("vmovmskps r8d, ymm12", float(0x50), [8, 0], Reg(12), None, "c4417c50c4"),
        ("vfmadd231ps ymm1, ymm13, ymm4", ymm(2, 0, 0xb8), [1, 13], Reg(4), None, "c4e215b8cc"),
        ("vcmpunordps ymm15, ymm6, ymm6", float(0xc2), [15, 6], Reg(6), Some(3), "c54cc2fe03"),
        ("vshufps ymm0, ymm14, ymm7, 0x88", float(0xc6), [0, 14], Reg(7), Some(0x88), "c58cc6c788"),
        (
            "vpblendd ymm3, ymm5, ymm10, 0x2a",
            ymm(3, 0, 0x02),
            [3, 5],
            Reg(10),
            Some(0x2a),
            "c4c35502da2a",
        ),
        ("vpmovsxdq ymm2, xmm9", ymm(2, 0, 0x25), [2, 0], Reg(9), None, "c4c27d25d1"),
    ];
    for (text, opcode, registers, rm, imm, bytes) in forms {
        assert_eq!(encoded(opcode, registers, rm, imm), bytes, "{text}");
    }
}

/// Constants of 32 bytes stand behind the code, aligned, equal ones once; an immediate behind the
/// distance does not lead astray.
#[test]
fn constants_are_found_from_where_they_are_used() {
    let mut asm = Asm::default();
    let first = asm.constant(&[1; 32]);
    let second = asm.constant(&[2; 32]);
    assert_eq!(asm.constant(&[1; 32]), first);
    asm.vex(Code(1, 1, 0, 0xfe), true, 0, 1, second, None);
    asm.vex(Code(3, 1, 0, 0x02), true, 0, 1, first, Some(7));
    let code = asm.finish();
    assert_eq!(code.len(), 64 + 64);
    let distance = |at: usize| i32::from_le_bytes(code[at..at + 4].try_into().unwrap());
    // From the end of each instruction: of 8 bytes, and of 10.
    assert_eq!((8 + distance(4), 18 + distance(8 + 5)), (64 + 32, 64));
}
