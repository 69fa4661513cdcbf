use super::*;
use proptest::prelude::*;

fn any_instruction() -> impl Strategy<Value = Instruction> {
    let rows = || 0..1u32 << ROW_BITS;
    let tiles = || 0..1u32 << TILE_BITS;
    let extents = || 0..1u32 << EXTENT_BITS;
    let pad = any::<bool>().prop_map(|b| if b { Scratchpad::B } else { Scratchpad::A });
    let op = || any::<bool>().prop_map(|b| if b { Transpose::Yes } else { Transpose::No });
    prop_oneof![
        Just(Instruction::Nop {}),
        Just(Instruction::Fence {}),
        (pad, rows(), rows(), rows()).prop_map(
            |(scratchpad, count, source_row, destination_row)| {
                Instruction::Load { scratchpad, count, source_row, destination_row }
            }
        ),
        (rows(), rows(), rows()).prop_map(|(count, source_row, destination_row)| {
            Instruction::Store { count, source_row, destination_row }
        }),
        ((op(), op()), [tiles(), tiles(), tiles()], [(); 7].map(|()| extents())).prop_map(
            |(
                (a_transpose, b_transpose),
                [a_base, b_base, c_base],
                [mt, nt, kt, ai, ak, bk, bj],
            )| {
                Instruction::Gemm {
                    a_transpose,
                    b_transpose,
                    mt,
                    nt,
                    kt,
                    a_base,
                    b_base,
                    c_base,
                    a_i_stride: ai,
                    a_k_stride: ak,
                    b_k_stride: bk,
                    b_j_stride: bj,
                }
            }
        ),
    ]
}

proptest! {
    #[test]
    fn decode_inverts_encode(instruction in any_instruction()) {
        let word = instruction.encode().unwrap();
        prop_assert_eq!(Instruction::decode(word), Ok(instruction));
        let words = instruction.words().unwrap();
        let joined = words.iter().rev().fold(0u128, |w, &x| w << 32 | u128::from(x));
        prop_assert_eq!(joined, word);
    }

    #[test]
    fn encode_inverts_decode(bits in any::<u128>(), opcode in prop::sample::select(Opcode::ALL)) {
        let word = (bits & field_mask(opcode)) | opcode as u128;
        let instruction = Instruction::decode(word).unwrap();
        prop_assert_eq!(instruction.opcode(), opcode);
        prop_assert_eq!(instruction.encode(), Ok(word));
    }
}

#[test]
fn fields_do_not_overlap() {
    for &opcode in Opcode::ALL {
        let mut used = u128::from(max_of(OPCODE_BITS));
        for field in opcode.fields() {
            assert!(field.lsb + field.width <= INSTRUCTION_BITS, "{field:?}");
            let mask = u128::from(max_of(field.width)) << field.lsb;
            assert_eq!(used & mask, 0, "{} {}", opcode.mnemonic(), field.name);
            used |= mask;
        }
    }
}

#[test]
fn one_encoding_by_hand() {
    let load = Instruction::Load {
        scratchpad: Scratchpad::B,
        count: 8,
        source_row: 0x12_3456,
        destination_row: 0x40,
    };
    assert_eq!(load.words(), Ok([0x0000_0811, 0x0012_3456, 0x40, 0]));
}

#[test]
fn faults_say_how_to_mend() {
    let long = Instruction::Store { count: 1 << 24, source_row: 0, destination_row: 0 };
    let text = long.encode().unwrap_err().to_string();
    assert_eq!(text, "STORE: count = 16777216 does not fit in 24 bits; use at most 16777215");
    let text = Instruction::decode(7).unwrap_err().to_string();
    assert_eq!(text, "no instruction has opcode 7; known are NOP, LOAD, GEMM, STORE, FENCE");
    let text = Instruction::decode(1 << 5 | 1).unwrap_err().to_string();
    assert_eq!(text, "LOAD: bits 0x20 belong to no field; they must be zero");
}

#[test]
fn isa_document_is_current() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/ISA.md");
    if std::env::var_os("OLIVINE_UPDATE").is_some() {
        std::fs::write(path, markdown()).unwrap();
    }
    let kept = std::fs::read_to_string(path).unwrap();
    assert!(kept == markdown(), "ISA.md is out of date; renew it with OLIVINE_UPDATE=1");
}
